package codex

import (
	"fmt"
	"math"
	"slices"
	"strconv"
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
	"mcp":                                  "use mcp_servers",
	"mcpServers":                           "use mcp_servers",
	"mcp_servers.*.headers":                "use http_headers",
	"mcp_servers.*.env_headers":            "use env_http_headers",
	"model_providers.*.headers":            "use http_headers",
	"model_providers.*.env_headers":        "use env_http_headers",
	"model_providers.*.model_catalog_json": "move it to the top level: Codex does not look for it in a provider",
}

func unknownKeys(f *finder) {
	if f.Word != nil && f.Word.Strict {
		for _, a := range f.Word.Unknown {
			key, _ := LookupKey(a, f.Version)
			f.addUnknown(a, key)
		}
		return
	}
	f.walk(func(s sighting) bool {
		switch {
		case s.known:
			return true
		case s.above.Deny:
			f.stop(s.address, fmt.Sprintf("Codex %s does not start: it does not know %s", f.codex(), show(s.address)), f.unknownFix(s.address))
		default:
			f.addUnknown(s.address, s.key)
		}
		return false
	})
}

func (f *finder) addUnknown(a plan.Address, key *Key) {
	f.add(a, fmt.Sprintf("Codex %s does not know %s%s and ignores it", f.codex(), show(a), life(key)), f.unknownFix(a))
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
	if len(a) == 3 {
		return instead[a[0]+".*."+a[2]]
	}
	return ""
}

func removedKeys(f *finder) {
	f.walk(func(s sighting) bool {
		switch {
		case !s.known || s.key == nil:
			return false
		case s.key.Refused && s.address.String() != "profile":
			f.stop(s.address, fmt.Sprintf("Codex %s does not start with %s, which it no longer supports", f.codex(), show(s.address)), hint(s.address))
		case f.stage(s) == "removed":
			f.addWeak(s.address, fmt.Sprintf("Codex %s has no feature %s any more: the switch does nothing", f.codex(), s.address[len(s.address)-1]), "remove it")
		}
		return true
	})
}

// stage is that of a feature, in the words of the Codex at hand where it was asked.
func (f *finder) stage(s sighting) string {
	if f.Word != nil && f.Word.Stages != nil && s.key.Stage != "" {
		return f.Word.Stages[s.address[len(s.address)-1]]
	}
	return s.key.Stage
}

// addWeak is add for a finding that is a warning also about our own keys.
func (f *finder) addWeak(a plan.Address, summary, fix string) {
	n := len(f.found)
	f.add(a, summary, fix)
	f.found[n].Severity = plan.Warning
}

func badValues(f *finder) {
	f.walk(func(s sighting) bool {
		if f.noSwitch(s) {
			f.stop(s.address, fmt.Sprintf("Codex %s does not start when %s is %s: a feature is true or false", f.codex(), show(s.address), s.value.Kind()), "remove it")
			return false
		}
		if !s.known || s.key == nil || s.address[len(s.address)-1] == "wire_api" && s.value.Text() == "chat" {
			return false
		}
		f.saidTwice(s)
		if f.notOfFeature(s) {
			return false
		}
		if !s.unread() && !s.key.takes(s.value) {
			f.stop(s.address, fmt.Sprintf("Codex %s does not start when %s is %s: it takes %s%s", f.codex(), show(s.address), s.key.seen(s.value), s.key.wants(), f.otherwise(s)),
				s.key.meant(s.value, s.address[len(s.address)-1]))
			return false
		}
		return true
	})
	f.emptyEfforts()
	f.outOfRange()
}

// noSwitch reports a feature that is set to anything but true or false, also one that
// Codex does not know, and those of a profile.
func (f *finder) noSwitch(s sighting) bool {
	a := s.address
	if len(a) == 4 && a[0] == "profiles" && a[2] == "features" {
		if key, known := LookupKey(a[2:], f.Version); known && key != nil {
			return f.knows("profiles", a[1], "features") && !key.takes(s.value)
		}
		return f.knows("profiles", a[1], "features") && s.value.Kind() != plan.KindBool
	}
	return (!s.known || s.key == nil) && len(a) == 2 && a[0] == "features" && s.value.Kind() != plan.KindBool
}

// otherwise says which versions take a value that this one does not, "" when none.
func (f *finder) otherwise(s sighting) string {
	for _, v := range []Version{newest, measured[0]} {
		if key, known := LookupKey(s.address, v); known && key != nil && key.takes(s.value) && v != f.Version.measuredBy() {
			return fmt.Sprintf(" (%s does take it)", v)
		}
	}
	return ""
}

// meant is how a value of the wrong kind is written; it says no text, which may be a secret.
func (k *Key) meant(v plan.Value, name string) string {
	const any = "set it to a value that Codex takes, or remove it"
	text := v.Text()
	_, number := strconv.ParseInt(text, 10, 64)
	switch kind := v.Kind(); {
	case kind == plan.KindString && number == nil && k.takes(plan.Int(1)), kind == plan.KindString && (text == "true" || text == "false") && k.takes(plan.Bool(true)):
		return "write it without quotes"
	case (kind == plan.KindInt || kind == plan.KindFloat || kind == plan.KindBool) && k.takes(plan.Str(v.String())):
		return "write it in quotes"
	case kind == plan.KindString && k.takes(plan.List(v)):
		return "write a list, each word or text for itself"
	case kind == plan.KindList && name == "command" && k.takes(plan.Str("x")):
		return "write the program under command, and what follows it as a list under args"
	case kind == plan.KindList && len(v.Items()) == 1 && v.Items()[0].Kind() != plan.KindTable && k.takes(v.Items()[0]):
		return "write its one text without a list"
	case kind != plan.KindTable && len(k.Values) == 0 && k.takes(plan.Table()):
		return "write a table: each name with its value, or remove it"
	}
	return any
}

// takes reports whether Codex reads the value at all. Of a key without kinds nothing was
// found, so a rule of its own has to say.
func (k *Key) takes(v plan.Value) bool {
	return len(k.Kinds) == 0 || slices.ContainsFunc(k.Kinds, func(kind string) bool {
		switch kind {
		case "any":
			return true
		case "empty":
			return v.Kind() == plan.KindList && len(v.Items()) == 0
		case "shortcut":
			return v.Kind() == plan.KindString && shortcut(v.Text(), k.reads)
		case "enum":
			return v.Kind() == plan.KindString && (len(k.Values) == 0 || slices.Contains(k.Values, v.Text()))
		case "string":
			return v.Kind() == plan.KindString || v.Kind() == plan.KindTime
		case "float":
			return v.Kind() == plan.KindFloat || v.Kind() == plan.KindInt
		}
		if r, ok := ranges[kind]; ok && v.Kind() == plan.KindInt {
			return v.Int64() >= r.least && v.Int64() <= r.most
		}
		if v.Kind() == plan.KindList && strings.HasPrefix(kind, "empty:") {
			items := v.Items()
			return len(items) == 0 || len(items) == 1 && items[0].Kind() == plan.KindTable
		}
		return v.Kind() == kinds[kind].of
	})
}

// ranges are the whole numbers of a kind.
var ranges = map[string]struct{ least, most int64 }{
	"uint": {0, math.MaxInt64}, "nat": {1, math.MaxInt64}, "u8": {0, math.MaxUint8}, "u16": {0, math.MaxUint16}, "u32": {0, math.MaxUint32},
}

// kinds are the kinds of the tables, and their words for people.
var kinds = map[string]struct {
	of   plan.Kind
	text string
}{
	"string": {plan.KindString, "a string"}, "bool": {plan.KindBool, "a boolean"}, "int": {plan.KindInt, "an integer"},
	"uint": {plan.KindInt, "an integer not below 0"}, "nat": {plan.KindInt, "an integer above 0"},
	"u8": {plan.KindInt, "an integer from 0 to 255"}, "u16": {plan.KindInt, "an integer from 0 to 65535"},
	"u32": {plan.KindInt, "an integer from 0 to 4294967295"}, "float": {plan.KindFloat, "a number"},
	"list": {plan.KindList, "a list"}, "table": {plan.KindTable, "a table"}, "struct": {plan.KindTable, "a table"},
	"shortcut": {plan.KindString, "keys to press, such as ctrl-t"},
}

// wants says for people what the key takes.
func (k *Key) wants() string {
	var words []string
	for _, kind := range k.Kinds {
		if strings.HasPrefix(kind, "empty") {
			continue
		}
		if kind == "enum" {
			words = append(words, strings.Join(k.Values, ", "))
		} else {
			words = append(words, kinds[kind].text)
		}
	}
	return strings.Join(slices.Compact(words), " or ")
}

// seen is a value for a message: the text where a text out of a few is wanted, the
// number where a range is, else only the kind, since nobody knows what it holds.
func (k *Key) seen(v plan.Value) string {
	if slices.Contains(k.Kinds, "enum") && v.Kind() == plan.KindString && len(v.Text()) <= 24 || v.Kind() == plan.KindInt && v.Int64() <= 0 {
		return v.TOML()
	}
	return v.Kind().String()
}

func legacyProfile(f *finder) {
	a := plan.Address{"profile"}
	name := f.merged.At(a)
	switch {
	case name.IsAbsent():
		return
	case f.Version.measuredBy().Compare(profilesAreFiles) < 0:
		if name.Kind() == plan.KindString && f.merged.Get("profiles").Get(name.Text()).IsAbsent() {
			f.stop(a, fmt.Sprintf("Codex does not start: profile names %q, and [profiles] has no such table", name.Text()), "define it, or remove profile")
		}
		return
	}
	f.stop(a, fmt.Sprintf("Codex does not start with a profile key%s: profiles are files of their own now", f.elsewhere(a)),
		profileFix(name.Text(), f.merged.Get("profiles").Get(name.Text())))
}

// profileFix says which file takes a profile's place, line for line as far as nothing in
// it may be a secret.
func profileFix(name string, settings plan.Value) string {
	file := orName(name) + ".config.toml"
	var lines []string
	var walk func(a plan.Address, v plan.Value)
	walk = func(a plan.Address, v plan.Value) {
		if v.Kind() != plan.KindTable {
			lines = append(lines, a.String()+" = "+v.TOML())
		}
		for _, m := range v.Members() {
			walk(append(a[:len(a):len(a)], m.Key), m.Value)
		}
	}
	if settings.Kind() == plan.KindTable {
		walk(nil, plan.Redact(nil, settings))
	}
	if len(lines) == 0 {
		return fmt.Sprintf("remove it, put the settings into %s beside config.toml, and start codex --profile", file)
	}
	return fmt.Sprintf("make %s beside config.toml with these lines, remove profile, and start codex --profile %s: %s", file, name, strings.Join(lines, " | "))
}

// profilesAreFiles is the first measured version that refuses the key profile.
var profilesAreFiles = Version{0, 135, 0}

func orName(s string) string {
	if s == "" {
		return "NAME"
	}
	return s
}
