package codex

import (
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

const incompleteTable = "incomplete-table"

func requirementRules() []Rule {
	return []Rule{
		{incompleteTable, plan.Error, "a table lacks what Codex needs in it", incompleteTables},
		{"conflicting-keys", plan.Error, "two keys do not go together", conflictingKeys},
		{"delivery-unknown", plan.Error, "Codex is too old for the delivery", deliveryUnknown},
		{"layer-unknown", plan.Error, "Codex is too old for the layer", layerUnknown},
	}
}

func incompleteTables(f *finder) {
	f.walk(func(s sighting) bool {
		if !s.known || s.key == nil {
			return false
		}
		if s.value.Kind() == plan.KindTable {
			f.lacks(s)
		}
		return true
	})
	f.servers(func(a plan.Address, entry plan.Value) {
		if entry.Get("command").IsAbsent() && entry.Get("url").IsAbsent() {
			f.stop(a, fmt.Sprintf("Codex does not start: the MCP server %s has neither a command nor a url", a[1]), "give it one of the two, or remove the server")
		}
	})
	f.providers(f.gateway)
	f.permissionProfiles()
	f.oneVariant()
	f.featureNeeds()
}

// oneVariant finds tables that stand for one choice out of a few, and make none or two.
func (f *finder) oneVariant() {
	f.walk(func(s sighting) bool {
		if s.key != nil && s.known && s.value.Kind() == plan.KindTable && slices.Contains(s.key.Kinds, "enum") && s.key.Deny && len(s.value.Members()) != 1 {
			f.stop(s.address, fmt.Sprintf("Codex does not start: %s has to hold exactly one way, and has %d", show(s.address), len(s.value.Members())), "keep one of them")
		}
		return s.known && s.key != nil
	})
}

// lacks finds keys that the table has to have.
func (f *finder) lacks(s sighting) {
	if n := len(s.address); s.address[0] == "model_providers" && (n == 2 || n == 3 && s.address[2] == "gateway_oauth") {
		return // other rules say more
	}
	for _, need := range s.key.Needs {
		need, of, some := strings.Cut(need, "?type=")
		if some && s.value.Get("type").Text() != of {
			continue
		}
		v := s.value.Get(need)
		if blank := v.Kind() == plan.KindString && strings.TrimSpace(v.Text()) == ""; !v.IsAbsent() && (!blank || need != "command" || s.address[0] != "model_providers") {
			continue
		}
		f.stop(s.address, fmt.Sprintf("Codex does not start: %s has no %s", show(s.address), need), "give it one, or remove the table")
	}
}

// servers visits every MCP server of the merged file.
func (f *finder) servers(visit func(a plan.Address, entry plan.Value)) {
	for _, m := range f.merged.Get("mcp_servers").Members() {
		if m.Value.Kind() == plan.KindTable {
			visit(plan.Address{"mcp_servers", m.Key}, m.Value)
		}
	}
}

// oneWay are the keys of an MCP server that go with one way to reach it alone.
var oneWay = map[string][]string{
	"command": {"command", "args", "env", "env_vars", "cwd"},
	"url":     {"url", "http_headers", "env_http_headers", "bearer_token_env_var", "oauth", "oauth_resource", "auth", "http_headers_helper"},
}

// tokensByName is the first measured version that refuses a bearer_token beside a
// command too.
var tokensByName = Version{0, 74, 0}

func conflictingKeys(f *finder) {
	f.servers(func(a plan.Address, entry plan.Value) {
		f.sources(a, entry.Get("env_vars"))
		f.server(a, entry)
		way, other := "command", "url"
		if entry.Get(way).IsAbsent() {
			way, other = other, way
		}
		if entry.Get(way).IsAbsent() {
			return
		}
		for _, key := range oneWay[other] {
			if entry.Get(key).IsAbsent() {
				continue
			}
			f.apart(append(slices.Clone(a), key), entry.Get(key), fmt.Sprintf("the MCP server %s has a %s, and %s does not go with it", a[1], way, key))
		}
		if way == "command" && f.Version.measuredBy().Compare(tokensByName) < 0 {
			return
		}
		if token := entry.Get("bearer_token"); !token.IsAbsent() {
			f.apart(append(slices.Clone(a), "bearer_token"), token, "it takes no bearer_token from config.toml")
		}
	})
	f.filtersTwice()
	f.featureConflicts()
	f.providers(func(a plan.Address, entry plan.Value) {
		f.guarded(a, entry)
		f.clouds(a, entry)
	})
}

// sources finds variables of an MCP server that come from nowhere.
func (f *finder) sources(a plan.Address, variables plan.Value) {
	for _, v := range variables.Items() {
		if from := v.Get("source"); from.Kind() == plan.KindString && from.Text() != "local" && from.Text() != "remote" {
			f.stop(append(slices.Clone(a), "env_vars"), fmt.Sprintf("Codex does not start: a variable of the MCP server %s has the source %q, which is neither local nor remote", a[1], from.Text()), "write local or remote, or remove the source")
		}
	}
}

// filtersTwice finds the two ways to say which variables a command gets beside each
// other.
func (f *finder) filtersTwice() {
	policy := f.merged.Get("shell_environment_policy")
	if policy.Get("filters").IsAbsent() || !f.knows("shell_environment_policy", "filters") {
		return
	}
	for _, old := range []string{"exclude", "include_only"} {
		f.apart(plan.Address{"shell_environment_policy", old}, policy.Get(old), fmt.Sprintf("filters does not go together with %s", old))
	}
}

// apart finds a key that must not be there, where Codex knows it at all.
func (f *finder) apart(a plan.Address, v plan.Value, why string) {
	if v.IsAbsent() {
		return
	}
	if _, known := LookupKey(a, f.Version); known {
		fix := "remove it, or the other one"
		if a[len(a)-1] == "bearer_token" {
			fix = "name a variable in bearer_token_env_var instead"
		}
		f.stop(a, "Codex does not start: "+why, fix)
	}
}

// emptyEfforts finds efforts without a name.
func (f *finder) emptyEfforts() {
	f.walk(func(s sighting) bool {
		if strings.HasSuffix(s.address[len(s.address)-1], "reasoning_effort") && s.value.Kind() == plan.KindString && s.value.Text() == "" && s.known && s.key != nil && s.key.takes(s.value) {
			f.stop(s.address, fmt.Sprintf("Codex does not start when %s is empty", show(s.address)), "name an effort, such as high, or remove it")
		}
		return s.known && s.key != nil
	})
}

// maxSeconds is more than any duration that Codex takes.
const maxSeconds = 1.8e19

// longestDelay is less than what Codex can add to the time of day.
const longestDelay = 9_200_000_000_000_000_000

// outOfRange finds numbers of the right kind that Codex does not take.
func (f *finder) outOfRange() {
	f.servers(func(a plan.Address, entry plan.Value) {
		for _, name := range []string{"startup_timeout_sec", "tool_timeout_sec"} {
			seconds := number(entry.Get(name))
			if seconds < 0 || seconds >= maxSeconds || seconds != seconds {
				a := append(slices.Clone(a), name)
				f.stop(a, fmt.Sprintf("Codex does not start when %s is %s: it takes seconds from 0", show(a), entry.Get(name).TOML()), "set it to a number of seconds, such as 30")
			}
		}
	})
	for _, m := range f.merged.Get("tui").Get("presets").Members() {
		if f.knows("tui", "presets") && (len(m.Key) != 1 || m.Key < "0" || m.Key > "9") {
			f.stop(plan.Address{"tui", "presets", m.Key}, fmt.Sprintf("Codex does not start: the name of the preset %s is not a digit from 0 to 9", m.Key), "call it 0 to 9")
		}
	}
	f.featureValues()
	f.singleValues()
	if a, v := (plan.Address{"thread_unload_delay_secs"}), f.merged.Get("thread_unload_delay_secs"); v.Int64() > longestDelay && f.knows(a...) {
		f.stop(a, "Codex does not start: thread_unload_delay_secs is too large", "set it to a number of seconds, or remove it")
	}
	f.percentage(plan.Address{"model_post_turn_compact_threshold_percent"})
}

// percentage finds a number above 100, where Codex takes its kind.
func (f *finder) percentage(a plan.Address) {
	if v := f.merged.At(a); v.Int64() > 100 {
		if key, known := LookupKey(a, f.Version); known && key != nil && key.takes(v) {
			f.stop(a, fmt.Sprintf("Codex does not start when %s is %d: it takes at most 100", a, v.Int64()), "set it to a percentage, or remove it")
		}
	}
}

func number(v plan.Value) float64 {
	if v.Kind() == plan.KindInt {
		return float64(v.Int64())
	}
	return v.Float64()
}
