package codex

import (
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

func keyRules() []Rule {
	return []Rule{
		{"unknown-key", plan.Warning, "Codex does not know the key and ignores it", unknownKeys},
		{"removed-key", plan.Error, "Codex has given the key up", removedKeys},
		{"bad-value", plan.Error, "Codex does not start with this value", badValues},
		{"legacy-profile", plan.Error, "Codex does not start with a profile key", legacyProfile},
	}
}

// instead says what does the work of a key that guides and older versions name.
var instead = map[string]string{
	"disable_response_storage":             "remove it: Codex always asks for store: false",
	"network_access":                       "remove it; the key that works is sandbox_workspace_write.network_access, true or false",
	"windows_wsl_setup_acknowledged":       "remove it: Codex no longer asks",
	"experimental_instructions_file":       "use model_instructions_file",
	"preferred_auth_method":                "use forced_login_method",
	"model_supports_reasoning_summaries":   "remove it; model_catalog_json describes models",
	"experimental_use_exec_command_tool":   "use features.unified_exec",
	"model_reasoning_summary_format":       "use model_reasoning_summary",
	"sandbox_permissions":                  "use sandbox_mode and sandbox_workspace_write",
	"experimental_thread_store_endpoint":   "remove it; experimental_thread_store took its place",
	"experimental_use_unified_exec_tool":   "use features.unified_exec",
	"features.request_permissions":         "use features.request_permissions_tool",
	"features.codex_hooks":                 "use features.hooks",
	"model_providers.*.model_catalog_json": "move it to the top level: Codex does not look for it in a provider",
}

func unknownKeys(f *finder) {
	f.keys(func(a plan.Address, _ plan.Value, key *Key, known bool) bool {
		if known {
			return true
		}
		f.add(a, fmt.Sprintf("Codex %s does not know %s%s and ignores it", f.Version.measuredBy(), a, life(key)), f.unknownFix(a))
		return false
	})
}

// life says when a key was known, "" when it never was.
func life(key *Key) string {
	switch {
	case key == nil:
		return ""
	case !key.Gone.IsZero():
		return fmt.Sprintf(" (%s still did)", key.Gone.before())
	}
	return fmt.Sprintf(" (%s does)", key.Since)
}

func (f *finder) unknownFix(a plan.Address) string {
	if fix := hint(a); fix != "" {
		return fix
	}
	if near := nearKeys(a, f.Version); len(near) > 0 {
		return "did you mean " + strings.Join(near, " or ") + "? Otherwise remove it"
	}
	return "remove it: it has no effect"
}

func hint(a plan.Address) string {
	if fix := instead[a.String()]; fix != "" {
		return fix
	}
	if len(a) == 3 && a[0] == "model_providers" {
		return instead["model_providers.*."+a[2]]
	}
	return ""
}

func removedKeys(f *finder) {
	f.keys(func(a plan.Address, _ plan.Value, key *Key, known bool) bool {
		switch {
		case !known || key == nil:
			return false
		case key.Refused:
			f.add(a, fmt.Sprintf("Codex %s does not start with %s, which it no longer supports", f.Version.measuredBy(), a), hint(a))
		case key.Stage == "removed":
			f.addWeak(a, fmt.Sprintf("Codex %s has no feature %s any more: the switch does nothing", f.Version.measuredBy(), a[len(a)-1]), "remove it")
		}
		return true
	})
}

// addWeak is add for a finding that is a warning also about our own keys.
func (f *finder) addWeak(a plan.Address, summary, fix string) {
	n := len(f.found)
	f.add(a, summary, fix)
	f.found[n].Severity = plan.Warning
}

func badValues(f *finder) {
	f.keys(func(a plan.Address, v plan.Value, key *Key, known bool) bool {
		if !known || key == nil {
			return false
		}
		if !key.takes(v) {
			f.add(a, fmt.Sprintf("Codex does not start when %s is %s: it takes %s", a, key.seen(v), key.wants()), "set it to a value that Codex takes, or remove it")
			return false
		}
		if strings.HasSuffix(a[len(a)-1], "reasoning_effort") && v.Text() == "" {
			f.add(a, fmt.Sprintf("Codex does not start when %s is empty", a), "name an effort, such as high, or remove it")
		}
		return true
	})
}

// takes reports whether Codex reads the value at all.
func (k *Key) takes(v plan.Value) bool {
	return slices.ContainsFunc(k.Kinds, func(kind string) bool {
		switch kind {
		case "any":
			return true
		case "enum":
			return v.Kind() == plan.KindString && slices.Contains(k.Values, v.Text())
		case "string":
			return v.Kind() == plan.KindString || v.Kind() == plan.KindTime
		}
		return v.Kind() == valueKinds[kind]
	})
}

var valueKinds = map[string]plan.Kind{
	"string": plan.KindString, "bool": plan.KindBool, "int": plan.KindInt, "float": plan.KindFloat,
	"list": plan.KindList, "table": plan.KindTable,
}

// wants says for people what the key takes.
func (k *Key) wants() string {
	var parts []string
	for _, kind := range k.Kinds {
		if kind == "enum" {
			parts = append(parts, strings.Join(k.Values, ", "))
		} else {
			parts = append(parts, valueKinds[kind].String())
		}
	}
	return strings.Join(parts, " or ")
}

// seen is a value for a message: the text where a text out of a few is wanted,
// else only the kind, since nobody knows what it holds.
func (k *Key) seen(v plan.Value) string {
	if slices.Contains(k.Kinds, "enum") && v.Kind() == plan.KindString && len(v.Text()) <= 24 {
		return v.TOML()
	}
	return v.Kind().String()
}

func legacyProfile(f *finder) {
	a := plan.Address{"profile"}
	if name := f.merged.At(a); !name.IsAbsent() {
		f.add(a, fmt.Sprintf("Codex does not start with a profile key%s: profiles are files of their own now", f.elsewhere(a)),
			fmt.Sprintf("remove it, put the settings into %s.config.toml beside config.toml, and start codex --profile", orName(name.Text())))
	}
}

func orName(s string) string {
	if s == "" {
		return "NAME"
	}
	return s
}

// seenKey is a key of config.toml and what the tables say of it.
type seenKey struct {
	at    plan.Address
	value plan.Value
	step  keyStep
	past  int // the first that is not below it
}

// keys visits every key of config.toml that the tables say something about, or
// about the table that it stands in, and goes below the ones for which visit says so.
// The keys are looked up once for all rules.
func (f *finder) keys(visit func(a plan.Address, v plan.Value, key *Key, known bool) bool) {
	if f.seen == nil {
		f.see(nil, f.Root, rootStep())
	}
	for i := 0; i < len(f.seen); {
		k := f.seen[i]
		if i++; !visit(k.at, k.value, k.step.key, k.step.known) {
			i = k.past
		}
	}
}

func (f *finder) see(a plan.Address, table plan.Value, step keyStep) {
	for _, m := range table.Members() {
		k := seenKey{at: append(a[:len(a):len(a)], m.Key), value: m.Value, step: step.below(m.Key, f.Version)}
		i := len(f.seen)
		if f.seen = append(f.seen, k); k.step.leads() {
			f.see(k.at, m.Value, k.step)
		}
		f.seen[i].past = len(f.seen)
	}
}
