package codex

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// What the tables of features need is not in their types: Codex looks at it once all
// types are right. These are the rules of that, as the programs say them.

// switched reports whether a feature is on by the merged file, and what its table says.
func (f *finder) switched(name string) (on bool, table plan.Value) {
	v := f.merged.Get("features").Get(name)
	if v.IsAbsent() {
		return false, v
	}
	if key, known := LookupKey(plan.Address{"features", name}, f.Version); !known || key == nil || !slices.Contains(key.Kinds, "table") && !slices.Contains(key.Kinds, "struct") {
		return false, plan.Value{} // a mere switch, which looks at nothing
	}
	return v.True() || v.Get("enabled").True(), v
}

// featureValues finds what features do not take, though it has the right type.
func (f *finder) featureValues() {
	f.agentWaits()
	f.agentNamespace()
	if on, budget := f.switched("token_budget"); on {
		f.tokenBudget(plan.Address{"features", "token_budget"}, budget)
	}
	if on, budget := f.switched("rollout_budget"); on {
		f.rolloutBudget(plan.Address{"features", "rollout_budget"}, budget)
	}
	f.percentage(plan.Address{"features", "async_compaction", "model_async_compact_threshold_percent"})
	f.guardian()
	f.messageBoard()
	a := plan.Address{"features", "current_time_reminder", "reminder_interval_model_requests"}
	if on, clock := f.switched("current_time_reminder"); on && f.Version.measuredBy().Compare(clockInSeconds) < 0 {
		f.positive(a, clock.Get(a[2]))
	}
}

// clockInSeconds is the first measured version that counts a reminder's interval in
// seconds.
var clockInSeconds = Version{0, 145, 0}

// waits are the times that agents wait, each not below the one before, with what they are
// unless said.
var waits = []struct {
	name   string
	unless int64
}{{"min_wait_timeout_ms", 10_000}, {"default_wait_timeout_ms", 30_000}, {"max_wait_timeout_ms", longestWait}}

const longestWait = 3_600_000

// agentWaits looks at them whether the feature is on or not.
func (f *finder) agentWaits() {
	a := plan.Address{"features", "multi_agent_v2"}
	table := f.merged.At(a)
	if table.Kind() != plan.KindTable {
		return
	}
	before, said := int64(0), ""
	for _, w := range waits {
		v := table.Get(w.name)
		if !f.knows(append(a, w.name)...) || v.Kind() != plan.KindInt && !v.IsAbsent() {
			return
		}
		n, at := w.unless, append(slices.Clone(a), w.name)
		if !v.IsAbsent() {
			n = v.Int64()
		}
		switch {
		case n < 0 || n > longestWait:
			f.stop(at, fmt.Sprintf("Codex does not start when %s is %d: it takes 0 to %d", w.name, n, int64(longestWait)), "set it to a number of milliseconds in that range, or remove it")
			return
		case n < before:
			if v.IsAbsent() {
				at = append(slices.Clone(a), said)
			}
			f.stop(at, fmt.Sprintf("Codex does not start: %s is %d, which is below %s, %d", w.name, n, said, before), "set both, in this order: min, default, max")
			return
		}
		before, said = n, w.name
	}
}

// namespaces are names of tools that Codex keeps for itself.
var namespaces = []string{
	"api_tool", "browser", "computer", "container", "file_search", "functions", "image_gen",
	"mcp", "multi_tool_use", "python", "python_user_visible", "tool_search", "web",
}

// isNamespace reports a name of 1 to 64 letters, digits, - and _.
func isNamespace(name string) bool {
	odd := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_'
	}
	return len(name) >= 1 && len(name) <= 64 && !strings.ContainsFunc(name, odd)
}

func (f *finder) agentNamespace() {
	a := plan.Address{"features", "multi_agent_v2", "tool_namespace"}
	v := f.merged.At(a)
	if v.Kind() != plan.KindString || !f.knows(a...) {
		return
	}
	switch name := v.Text(); {
	case !isNamespace(name):
		f.stop(a, "Codex does not start: tool_namespace takes 1 to 64 letters, digits, - and _", "give it such a name, or remove it")
	case slices.Contains(namespaces, name), strings.HasPrefix(name, "mcp__"):
		f.stop(a, fmt.Sprintf("Codex does not start: it keeps the tool_namespace %s for itself", name), "give it another name, or remove it")
	}
}

// positive finds a number that is not above 0.
func (f *finder) positive(a plan.Address, v plan.Value) {
	if v.Kind() == plan.KindInt && v.Int64() <= 0 && f.knows(a...) {
		f.stop(a, fmt.Sprintf("Codex does not start when %s is %d: it takes a number above 0", show(a), v.Int64()), "set it to a number above 0, or remove it")
	}
}

// longestNote is how many bytes the texts of a budget may have.
const longestNote = 2000

func (f *finder) tokenBudget(a plan.Address, budget plan.Value) {
	below := func(name string) plan.Address { return append(slices.Clone(a), name) }
	for _, name := range []string{"reminder_threshold_tokens", "auto_compact_fallback_buffer_tokens"} {
		f.positive(below(name), budget.Get(name))
	}
	for _, name := range []string{"reminder_message_template", "guidance_message", "auto_compact_fallback_prompt"} {
		text := budget.Get(name).Text()
		if len(text) > longestNote && f.knows(below(name)...) {
			f.stop(below(name), fmt.Sprintf("Codex does not start when %s is longer than %d bytes: it has %d", show(below(name)), longestNote, len(text)), "shorten it")
		}
	}
	if v := budget.Get("reminder_message_template"); v.Kind() == plan.KindString && v.Text() == "" {
		f.stop(below("reminder_message_template"), "Codex does not start when reminder_message_template is empty", "give it a text, or remove it")
	}
}

func (f *finder) rolloutBudget(a plan.Address, budget plan.Value) {
	below := func(name string) plan.Address { return append(slices.Clone(a), name) }
	allowance := math.Inf(1)
	for _, name := range []string{"limit_tokens", "limit_budget"} {
		if v := budget.Get(name); !v.IsAbsent() {
			allowance = number(v)
			if !(allowance > 0) || math.IsInf(allowance, 0) {
				f.stop(below(name), fmt.Sprintf("Codex does not start when %s is %s: it takes a number above 0", show(below(name)), v.TOML()), "set it to a number above 0")
			}
		}
	}
	for _, name := range []string{"sampling_token_weight", "prefill_token_weight"} {
		if v := budget.Get(name); !v.IsAbsent() && (!(number(v) >= 0) || math.IsInf(number(v), 0)) {
			f.stop(below(name), fmt.Sprintf("Codex does not start when %s is %s: it takes a number from 0", show(below(name)), v.TOML()), "set it to a number from 0, or remove it")
		}
	}
	for _, v := range budget.Get("reminder_at_remaining_tokens").Items() {
		if v.Kind() != plan.KindInt || v.Int64() <= 0 || float64(v.Int64()) >= allowance {
			f.stop(below("reminder_at_remaining_tokens"), fmt.Sprintf("Codex does not start when reminder_at_remaining_tokens has %s: it takes numbers above 0 and below the limit", v.TOML()), "list such numbers")
			return
		}
	}
}

// featureNeeds finds tables of features that lack something once they are on.
func (f *finder) featureNeeds() {
	a := plan.Address{"features", "rollout_budget"}
	if on, budget := f.switched("rollout_budget"); on {
		switch {
		case budget.Get("limit_tokens").IsAbsent() && budget.Get("limit_budget").IsAbsent():
			f.stop(a, "Codex does not start: rollout_budget is on and has no limit_tokens", "give it one, or turn it off")
		case budget.Get("reminder_at_remaining_tokens").IsAbsent():
			f.stop(a, "Codex does not start: rollout_budget is on and has no reminder_at_remaining_tokens", "give it a list of numbers, which may be empty, or turn it off")
		}
	}
	a = plan.Address{"features", "token_budget"}
	if on, budget := f.switched("token_budget"); on && !budget.Get("auto_compact_fallback_prompt").IsAbsent() && budget.Get("auto_compact_fallback_buffer_tokens").IsAbsent() && f.knows(append(a, "auto_compact_fallback_prompt")...) {
		f.stop(a, "Codex does not start: token_budget has an auto_compact_fallback_prompt and no auto_compact_fallback_buffer_tokens", "give it both, or neither")
	}
}

// The measured versions in which agents.max_threads does not go with multi_agent_v2: from
// one up to but without the other.
var threadsApart, threadsAgain = Version{0, 130, 0}, Version{0, 140, 0}

// featureConflicts finds keys that do not go with a feature.
func (f *finder) featureConflicts() {
	v := f.Version.measuredBy()
	if on, _ := f.switched("multi_agent_v2"); on && v.Compare(threadsApart) >= 0 && v.Compare(threadsAgain) < 0 {
		f.apart(plan.Address{"agents", "max_threads"}, f.merged.Get("agents").Get("max_threads"), "agents.max_threads does not go with the feature multi_agent_v2")
	}
	if on, budget := f.switched("rollout_budget"); on && !budget.Get("limit_tokens").IsAbsent() {
		f.apart(plan.Address{"features", "rollout_budget", "limit_budget"}, budget.Get("limit_budget"), "rollout_budget has limit_tokens, and limit_budget does not go with it")
	}
}

// unguessed are keys of features for which no value was found, and which are there all the
// same: with them a feature has as many keys as the programs count.
var unguessed = []string{"guardianv2 async_classifier_mode", "guardianv2 transcript_mode", "multi_agent_v2 message_board_remote"}

// notOfFeature finds a key that stands in the program beside those of a feature's table,
// and is none of it, or has the wrong type.
func (f *finder) notOfFeature(s sighting) bool {
	a := s.address
	if len(a) > 2 && a[0] == "profiles" {
		a = a[2:]
	}
	if len(a) != 3 || a[0] != "features" || !slices.Equal(s.key.Kinds, []string{"any"}) || f.openFeature(a[1]) {
		return false
	}
	known := slices.Contains(unguessed, a[1]+" "+a[2])
	if known && (s.value.Kind() == plan.KindString || !strings.HasSuffix(a[2], "_mode")) {
		return false
	}
	f.stop(s.address, fmt.Sprintf("Codex %s does not start with %s: the feature takes no such key, or no such value", f.codex(), show(s.address)), "remove it")
	return true
}

// openFeature reports a feature whose table was not told apart from any other.
func (f *finder) openFeature(name string) bool {
	key, known := LookupKey(plan.Address{"features", name, "*"}, f.Version)
	return known && key != nil
}
