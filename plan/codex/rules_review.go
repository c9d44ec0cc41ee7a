package codex

import (
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// reviewRules find what a person should look at before it is applied: they judge
// changes, not what stands, and stop nothing.
func reviewRules() []Rule {
	return []Rule{
		{"new-host", plan.Review, "requests go to another host", (*finder).newHost},
		{"runs-command", plan.Review, "a program is run", (*finder).runsCommand},
		{"opens-sandbox", plan.Review, "something closed is opened", (*finder).opensSandbox},
		{"secret-source", plan.Review, "the key comes from elsewhere", (*finder).secretSource},
		{"confirm-weakened", plan.Review, "less is confirmed", (*finder).confirmWeakened},
		{"rollout-widened", plan.Review, "a change reaches more machines at once", (*finder).rolloutWidened},
		{"telemetry-target", plan.Review, "what is done is reported", (*finder).reviewMoves},
		{"instructions-file", plan.Review, "what the model is told changes", (*finder).reviewMoves},
	}
}

// moved is one value of config.toml that a plan changes.
type moved struct {
	at            plan.Address // without profiles.NAME in front
	full          plan.Address
	before, after plan.Value
	origin        plan.Origin
}

// moves are the values that the plan changes, tables taken apart.
func (f *finder) moves() []moved {
	if f.moved == nil {
		f.moved = []moved{}
		for _, c := range f.Changes {
			if c.Edits() {
				f.moved = appendMoved(f.moved, c.Address, c.Before, c.After, c.Origin) // a user's secret is masked in them
			}
		}
	}
	return f.moved
}

func appendMoved(out []moved, a plan.Address, before, after plan.Value, origin plan.Origin) []moved {
	if before.Kind() != plan.KindTable && after.Kind() != plan.KindTable {
		if before.Equal(after) {
			return out
		}
		short := a
		if len(a) > 2 && a[0] == "profiles" {
			short = a[2:]
		}
		return append(out, moved{short, a, before, after, origin})
	}
	for _, m := range before.Members() {
		out = appendMoved(out, append(slices.Clip(a), m.Key), m.Value, after.Get(m.Key), origin)
	}
	for _, m := range after.Members() {
		if before.Get(m.Key).IsAbsent() {
			out = appendMoved(out, append(slices.Clip(a), m.Key), plan.Value{}, m.Value, origin)
		}
	}
	if before.Kind() != plan.KindTable && !before.IsAbsent() { // a value makes room for a table
		out = append(out, moved{a, a, before, plan.Value{}, origin})
	}
	if after.Kind() != plan.KindTable && !after.IsAbsent() {
		out = append(out, moved{a, a, plan.Value{}, after, origin})
	}
	return out
}

// review keeps one thing to look at.
func (f *finder) review(origin plan.Origin, format string, args ...any) {
	f.addAt(origin, plan.Review, fmt.Sprintf(format, args...), "")
}

// judgement is what is said of a moved value, under which rule.
type judgement struct {
	rule, text string
	moved
}

// reviewMoves tells of the moved values that the rule at work watches.
func (f *finder) reviewMoves() {
	if f.judged == nil {
		f.judged = []judgement{}
		for _, m := range f.moves() {
			if rule, text := f.judge(m); text != "" {
				f.judged = append(f.judged, judgement{rule, text, m})
			}
		}
		f.judged = append(f.judged, f.takenAway()...)
		slices.SortStableFunc(f.judged, func(a, b judgement) int { return len(a.at) - len(b.at) }) // what decides over more goes first
	}
	for _, j := range f.judged {
		if j.rule == f.rule.ID {
			f.review(j.origin, "%s: %s", j.full, j.text)
		}
	}
}

// like reports whether an address fits a pattern: * is any one segment, a final ** any
// that follow.
func like(a plan.Address, pattern string) bool {
	if len(a) > 0 && (pattern[0] != '*' && !strings.HasPrefix(pattern, a[0]) || pattern[len(pattern)-1] != '*' && !strings.HasSuffix(pattern, a[len(a)-1])) {
		return false // nearly always
	}
	i := 0
	for want := range strings.SplitSeq(pattern, " ") {
		switch {
		case want == "**":
			return true
		case i == len(a) || want != "*" && want != a[i]:
			return false
		}
		i++
	}
	return i == len(a)
}

func wasValue(before plan.Value) string {
	if before.IsAbsent() {
		return ""
	}
	return " (was " + before.String() + ")"
}
