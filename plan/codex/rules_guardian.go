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
	for _, sections := range []string{"async_elastic_sections", "sync_elastic_sections"} {
		for _, m := range t.Get(sections).Members() {
			f.featureTable(below(sections, m.Key), m.Value, elasticSection)
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

// tableKey is a key of a table that a feature holds.
type tableKey struct {
	name, kind string
	needed     bool
}

// These tables have as many keys as the programs count, and no program names one of
// them: what stands in a feature and is not right, it calls not a feature.
var (
	elasticSection = []tableKey{
		{"min_total_section_tokens", "uint", true},
		{"max_section_entry_tokens", "uint", true},
		{"max_total_section_tokens", "uint", false},
		{"nested_tool_names", "list", false},
	}
	remoteBoard = []tableKey{{"url", "string", true}, {"bearer_token", "string", false}, {"bearer_token_env_var", "string", false}}
)

// messageBoard finds what the remote message board of agents lacks.
func (f *finder) messageBoard() {
	a := plan.Address{"features", "multi_agent_v2", "message_board_remote"}
	if board := f.merged.At(a); !board.IsAbsent() {
		f.featureTable(a, board, remoteBoard)
	}
}

// featureTable finds what a table within a feature does not take, or lacks.
func (f *finder) featureTable(a plan.Address, t plan.Value, keys []tableKey) {
	if !f.knows(a...) {
		return
	}
	if t.Kind() != plan.KindTable {
		f.stop(a, fmt.Sprintf("Codex does not start: %s is a table, not %s", show(a), t.Kind()), "write a table, or remove it")
		return
	}
	var names []string
	for _, k := range keys {
		names = append(names, k.name)
		switch v := t.Get(k.name); {
		case v.IsAbsent() && k.needed:
			f.stop(a, fmt.Sprintf("Codex does not start: %s has no %s", show(a), k.name), "give it one, or remove the table")
		case !v.IsAbsent() && !(&Key{Kinds: []string{k.kind}}).takes(v):
			f.stop(append(slices.Clone(a), k.name), fmt.Sprintf("Codex does not start when %s is %s", k.name, v.TOML()), "write it as a value of kind "+k.kind+", or remove it")
		}
	}
	f.closed(a, t, names...)
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
