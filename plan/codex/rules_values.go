package codex

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// readByType are the keys of a hook that Codex reads of each type: it looks at no others.
var readByType = map[string][]string{
	"command":  {"command", "commandWindows", "command_windows", "timeout", "async", "statusMessage", "additionalContextLimit"},
	"mcp_tool": {"server", "tool", "input", "timeout", "statusMessage"},
	"prompt":   nil,
	"agent":    nil,
}

// unread reports a key of a hook that its type makes nothing of.
func (s sighting) unread() bool {
	a := s.address
	if len(a) != 6 || a[0] != "hooks" || a[3] != "hooks" || a[5] == "type" {
		return false
	}
	keys, known := readByType[s.table.Get("type").Text()]
	return known && !slices.Contains(keys, a[5])
}

// twice are keys with a second name, and the tables that hold them. Codex takes one of the
// two.
var twice = []struct{ table, name, second string }{
	{"ghost_snapshot", "ignore_large_untracked_files", "ignore_untracked_files_over_bytes"},
	{"ghost_snapshot", "ignore_large_untracked_dirs", "large_untracked_dir_warning_threshold"},
	{"hooks", "commandWindows", "command_windows"},
}

// saidTwice finds keys that a table has under both names.
func (f *finder) saidTwice(s sighting) {
	last := s.address[len(s.address)-1]
	for _, t := range twice {
		if s.address[0] == t.table && last == t.second && !s.unread() && !s.table.Get(t.name).IsAbsent() {
			f.stop(s.address, fmt.Sprintf("Codex does not start: %s is another name of %s, and both are there", show(s.address), t.name), "keep one of them")
		}
	}
}

// The first measured versions that let Windows forbid its MXC sandbox, and that mind the
// speed of scrolling.
var (
	mxcForbidden = Version{0, 163, 0}
	scrollMinded = Version{0, 162, 1}
)

// singleValues finds values that a key does not take for what they say.
func (f *finder) singleValues() {
	v := f.Version.measuredBy()
	if w := f.merged.Get("windows"); v.Compare(mxcForbidden) >= 0 && w.Get("sandbox").Text() == "mxc" && w.Get("allow_mxc").Kind() == plan.KindBool && !w.Get("allow_mxc").True() {
		f.stop(plan.Address{"windows", "sandbox"}, "Codex does not start: the sandbox is mxc, and allow_mxc is false", "allow it, or choose another sandbox")
	}
	a := plan.Address{"tui", "mouse_scroll_speed"}
	if n := f.merged.At(a); !n.IsAbsent() && v.Compare(scrollMinded) >= 0 && (!(number(n) > 0) || math.IsInf(number(n), 0)) {
		f.stop(a, "Codex does not start when mouse_scroll_speed is not above 0", "set it to a number above 0, such as 1.0")
	}
	a = plan.Address{"experimental_thread_store", "id"}
	if store := f.merged.Get(a[0]); store.Get("type").Text() == "in_memory" && !store.Get("id").IsAbsent() && store.Get("id").Kind() != plan.KindString && f.knows(a[0]) {
		f.stop(a, "Codex does not start: id of a store in memory is a string", "write it in quotes")
	}
	a = plan.Address{"agents", "max_depth"}
	if n := f.merged.At(a); n.Int64() > math.MaxInt32 || n.Int64() < math.MinInt32 {
		f.apart(a, n, "max_depth is too large a number")
	}
	a = plan.Address{"audio", "microphone_channel"}
	channel := f.merged.At(a)
	if (channel.Kind() == plan.KindInt && !isChannel(channel) || slices.ContainsFunc(channel.Items(), func(v plan.Value) bool { return !isChannel(v) })) && f.knows(a...) {
		f.stop(a, "Codex does not start: microphone_channel takes numbers from 1 to 65535", "name a channel, or a list of them")
	}
	f.metadata()
}

func isChannel(v plan.Value) bool {
	return v.Kind() == plan.KindInt && v.Int64() >= 1 && v.Int64() <= math.MaxUint16
}

// codexMetadata are names that Codex keeps for itself.
var codexMetadata = []string{
	"agent_name", "auto_review_enabled", "code_mode_tool_names", "forked_from_thread_id", "installation_id",
	"node_repl_auto_review_required", "node_repl_disabled", "parent_thread_id", "request_kind", "sandbox",
	"session_id", "subagent_kind", "thread_id", "thread_source", "tool_namespaces_info", "turn_id",
	"turn_started_at_unix_ms", "window_id", "workspaces", "x-codex-installation-id", "x-codex-parent-thread-id",
	"x-codex-turn-metadata", "x-codex-window-id", "x-openai-subagent",
}

// metadata finds entries that Codex does not send along with its requests.
func (f *finder) metadata() {
	a := plan.Address{"responses_api_metadata"}
	members := f.merged.At(a).Members()
	if len(members) == 0 || !f.knows(a...) {
		return
	}
	if len(members) > 16 {
		f.stop(a, fmt.Sprintf("Codex does not start: responses_api_metadata takes at most 16 entries and has %d", len(members)), "remove some")
	}
	for _, m := range members {
		below := append(slices.Clone(a), m.Key)
		switch {
		case !isMetadata(m.Key):
			f.stop(below, "Codex does not start: a name in responses_api_metadata is 1 to 64 letters, digits, dots, - and _, and begins with a letter", "give it such a name")
		case slices.Contains(codexMetadata, m.Key), f.keptSince(m.Key):
			f.stop(below, fmt.Sprintf("Codex does not start: it keeps the name %s in responses_api_metadata for itself", m.Key), "give it another name")
		case len(m.Value.Text()) > 128:
			f.stop(below, "Codex does not start: a value in responses_api_metadata has at most 128 bytes", "shorten it")
		}
	}
}

// keptLater are such names of later versions.
var keptLater = map[string]Version{
	"context_window_id": {0, 150, 0}, "history_ingest_requested": {0, 152, 1}, "guardian_credits_requested": {0, 154, 0}, "history_initialization": {0, 163, 0},
}

func (f *finder) keptSince(name string) bool {
	since, ok := keptLater[name]
	return ok && f.Version.measuredBy().Compare(since) >= 0
}

func isMetadata(name string) bool {
	letter := func(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
	return len(name) >= 1 && len(name) <= 64 && letter(name[0]) && !strings.ContainsFunc(name, func(c rune) bool {
		return c > 127 || !letter(byte(c)) && (c < '0' || c > '9') && !strings.ContainsRune("._-", c)
	})
}
