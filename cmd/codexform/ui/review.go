package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/codexform/codexform/plan"
)

// reviewed are the findings of one rule that a person should look at.
type reviewed struct {
	rule     string
	findings []plan.Diagnostic
}

// toReview groups the findings of severity review by rule, in the order of the rules; one
// with a crowd of findings pushes none out of sight.
func toReview(all []plan.Diagnostic) (groups []reviewed, total int) {
	for _, d := range all {
		if d.Severity != plan.Review {
			continue
		}
		total++
		i := 0
		for i < len(groups) && groups[i].rule != d.Rule {
			i++
		}
		if i == len(groups) {
			groups = append(groups, reviewed{rule: d.Rule})
		}
		groups[i].findings = append(groups[i].findings, d)
	}
	for i := range groups {
		groups[i].findings = eachKindFirst(groups[i].findings)
	}
	slices.SortStableFunc(groups, func(a, b reviewed) int { return cmp.Compare(len(a.findings)/crowd, len(b.findings)/crowd) })
	return groups, total
}

// crowd is how many findings of one rule are so many that the other rules go first.
const crowd = 20

// eachKindFirst orders the findings of a rule so that each kind of thing has had a turn
// before one has its second: nothing hides behind a thousand of another kind.
func eachKindFirst(all []plan.Diagnostic) []plan.Diagnostic {
	turns := map[string]int{}
	turn := make(map[int]int, len(all))
	order := make([]int, len(all))
	for i, d := range all {
		kind := kindOf(d.Summary)
		turn[i], order[i] = turns[kind], i
		turns[kind]++
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(min(turn[a], 1), min(turn[b], 1)) })
	out := make([]plan.Diagnostic, len(all))
	for i, at := range order {
		out[i] = all[at]
	}
	return out
}

// kindOf is what a finding is about, without the names that somebody chose: the first
// segment of its address.
func kindOf(summary string) string {
	if i := strings.IndexAny(summary, ".: "); i > 0 {
		return summary[:i]
	}
	return summary
}

// title names a group and counts it.
func (r reviewed) title() string {
	if len(r.findings) == 1 {
		return r.rule
	}
	return fmt.Sprintf("%s (%d)", r.rule, len(r.findings))
}

// longest is how long a finding may be: what is longer is cut in its middle, since a
// long value would push the next finding out of sight.
const longest = 2000

// reviewLine is one finding to look at, in so many characters, with its place.
func reviewLine(d plan.Diagnostic, most int) string {
	line := oneLine(Visible(d.Summary))
	if most > 0 {
		line = middle(line, most)
	}
	if at := place(d.Origin); at != "" {
		line += "  " + at
	}
	return line
}

// reviewHeading counts the findings, and names every rule: whoever reads no further
// knows what there is.
func reviewHeading(groups []reviewed, total int) string {
	heading := "Look at this first: " + count(total, "finding")
	if len(groups) < 2 {
		return heading
	}
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = Visible(g.title())
	}
	return heading + ": " + strings.Join(names, ", ")
}

// inTurn orders findings to look at so that each rule has had a turn before one has its
// second: a CI system shows the first ten.
func inTurn(all []plan.Diagnostic) []plan.Diagnostic {
	groups, _ := toReview(all)
	var out []plan.Diagnostic
	for turn, any := 0, true; any; turn++ {
		any = false
		for _, g := range groups {
			if turn < len(g.findings) {
				out, any = append(out, g.findings[turn]), true
			}
		}
	}
	first := slices.IndexFunc(all, func(d plan.Diagnostic) bool { return d.Severity == plan.Review })
	if first < 0 {
		return all
	}
	others := slices.DeleteFunc(slices.Clone(all), func(d plan.Diagnostic) bool { return d.Severity == plan.Review })
	return slices.Concat(others[:first], out, others[first:])
}

func (v *textView) review(all []plan.Diagnostic) {
	groups, total := toReview(all)
	if total == 0 {
		return
	}
	most := longest
	if v.Full {
		most = 0
	}
	v.say("")
	v.sentence(warning, reviewHeading(groups, total))
	for _, g := range groups {
		v.say("  " + v.style.paint(warning, "! "+Visible(g.title())))
		for _, d := range g.findings {
			v.prose("    ", reviewLine(d, most))
		}
	}
}

// review is whole, but for the middle of long findings, and for the last ones of a rule
// where a comment would have no room for all.
func (v *markdownView) review(all []plan.Diagnostic) {
	var block string
	for _, most := range []int{longest, 500, 160} {
		if block = reviewBlock(all, most, len(all)); utf8.RuneCountInString(block) < reviewSize {
			break
		}
	}
	for each := 50; each > 0 && utf8.RuneCountInString(block) >= reviewSize; each /= 2 {
		block = reviewBlock(all, 160, each)
	}
	fmt.Fprint(v.out, block)
}

// reviewSize is the part of a comment that findings to look at may take.
const reviewSize = commentSize - 10_000

// reviewBlock are the findings to look at, so many of each rule.
func reviewBlock(all []plan.Diagnostic, most, each int) string {
	groups, total := toReview(all)
	if total == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n\n", mdText(reviewHeading(groups, total)))
	for _, g := range groups {
		fmt.Fprintf(&b, "- **%s**\n", mdText(Visible(g.title())))
		for _, d := range g.findings[:min(each, len(g.findings))] {
			fmt.Fprintf(&b, "  - %s\n", mdText(reviewLine(d, most)))
		}
		if n := len(g.findings) - each; n > 0 {
			fmt.Fprintf(&b, "  - **%s like these left out here; --format text shows all**\n", count(n, "finding"))
		}
	}
	return b.String() + "\n"
}

// policySection is what differs beside the keys of both files.
func policySection(p plan.Plan) (section, bool) {
	if len(p.Policy) == 0 {
		return section{}, false
	}
	s := section{glyph: "~", kind: changed, path: "policy", note: "(beside its keys)"}
	if !p.Compared {
		s.note = "(beside its keys, since it was last applied; the next apply remembers it)"
	}
	for _, c := range p.Policy {
		r := row{name: Visible(strings.Join(c.Path, ".")), place: place(c.Origin)}
		switch {
		case c.Before.IsAbsent():
			r.glyph, r.kind, r.value = "+", added, Visible(c.After.String())
		case c.After.IsAbsent():
			r.glyph, r.kind, r.value = "-", removed, Visible(c.Before.String())
		default:
			r.glyph, r.kind = "~", changed
			r.old, r.new = Visible(c.Before.String()), Visible(c.After.String())
			r.value = r.old + " → " + r.new
		}
		s.rows = append(s.rows, r)
	}
	return s, true
}

// policyLine is one difference beside the keys of both files, on a line.
func policyLine(c plan.PolicyChange) string {
	before, after := "(not said)", "(not said)"
	if !c.Before.IsAbsent() {
		before = c.Before.String()
	}
	if !c.After.IsAbsent() {
		after = c.After.String()
	}
	return strings.Join(c.Path, ".") + ": " + middle(before, longest) + " → " + middle(after, longest)
}

// policyAlone reports a comparison of two policies in which no key of a file changes.
func policyAlone(p plan.Plan) bool { return p.Empty() && p.Differs() }
