package codex

import (
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// guardian finds what the table of the feature guardianv2 does not take, though it has the
// right type; Codex looks whether the feature is on or not.
func (f *finder) guardian() {
	a := plan.Address{"features", "guardianv2"}
	t := f.merged.At(a)
	if t.Kind() != plan.KindTable || !f.knows(a...) {
		return
	}
	below := func(names ...string) plan.Address { return append(slices.Clone(a), names...) }
	if v := t.Get("review_threshold"); !v.IsAbsent() && !(number(v) >= 0 && number(v) <= 1) {
		f.stop(below("review_threshold"), fmt.Sprintf("Codex does not start when review_threshold is %s: it takes 0.0 to 1.0", v.TOML()), "set it to such a number, or remove it")
	}
	for _, m := range t.Members() {
		if strings.HasPrefix(m.Key, "max_") && strings.HasSuffix(m.Key, "_tokens") {
			f.tokens(below(m.Key), m.Value)
		}
	}
	transcript := t.Get("transcript")
	for _, m := range transcript.Members() {
		if strings.HasSuffix(m.Key, "_tokens") {
			f.tokens(below("transcript", m.Key), m.Value)
		}
	}
	f.positive(below("transcript", "max_recent_non_user_entries"), transcript.Get("max_recent_non_user_entries"))
	f.closed(below("transcript"), transcript, "sources", "include_images", "max_message_entry_tokens", "max_tool_entry_tokens", "max_message_transcript_tokens", "max_tool_transcript_tokens", "max_recent_non_user_entries")
	f.closed(below("review_scope"), t.Get("review_scope"), "computer_use_only", "sandboxed_exec_commands")
	for _, v := range transcript.Get("sources").Items() {
		if !slices.Contains([]string{"tool_calls", "tool_outputs", "reasoning"}, v.Text()) {
			f.stop(below("transcript", "sources"), "Codex does not start: the sources of a transcript are tool_calls, tool_outputs and reasoning", "name some of these")
			break
		}
	}
}

// tokens finds a number of tokens outside of what Codex takes.
func (f *finder) tokens(a plan.Address, v plan.Value) {
	if n := v.Int64(); v.Kind() == plan.KindInt && (n < 100 || n > 100_000) && f.knows(a...) {
		f.stop(a, fmt.Sprintf("Codex does not start when %s is %d: it takes 100 to 100000 tokens", show(a), n), "set it to such a number, or remove it")
	}
}

// closed finds keys in a table of a feature that is not read with any other.
func (f *finder) closed(a plan.Address, t plan.Value, keys ...string) {
	for _, m := range t.Members() {
		if below := append(slices.Clone(a), m.Key); !slices.Contains(keys, m.Key) && f.knows(a...) {
			f.stop(below, fmt.Sprintf("Codex does not start: %s takes no %s", show(a), plan.Quote(m.Key)), "use "+strings.Join(keys, ", "))
		}
	}
}
