package sources

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/codexform/codexform/plan"
)

// What is wrong is said by the checks; what was probably meant is said here.

// elsewhere are keys of config.toml and of other tools, and where they go here.
var elsewhere = map[string]string{
	"model_provider":         "the provider that Codex uses is provider.id",
	"model_providers":        "the gateway goes under provider; other entries go under settings",
	"model_reasoning_effort": "it is called reasoning_effort here",
	"base_url":               "it goes under provider",
	"wire_api":               "it goes under provider",
	"env_key":                "it goes under provider",
	"api_key":                "say under secret where the key is",
	"openai_api_key":         "say under secret where the key is",
	"key":                    "say under secret where the key is",
	"token":                  "say under secret where the key is",
	"apiversion":             "this is no object of Kubernetes: leave it out, and begin with version: 1",
	"kind":                   "this is no object of Kubernetes: leave it out",
	"metadata":               "this is no object of Kubernetes: leave it out",
	"spec":                   "this is no object of Kubernetes: leave it out, and let its keys stand at the top",
	"remove":                 "it is called absent here",
	"delete":                 "it is called absent here",
	"unset":                  "it is called absent here",
	"home":                   "it is called codex_home here",
	"include":                "one file includes no other: give each with a -f of its own",
	"import":                 "one file includes no other: give each with a -f of its own",
	"extends":                "one file includes no other: give each with a -f of its own",
	"name":                   "a policy has no name: write a comment, # …",
	"description":            "write a comment, # …",
}

// within are keys of other tools, and of Codex, below one of ours.
var within = map[string]string{
	"provider.url":                  "it is called base_url here",
	"provider.uri":                  "it is called base_url here",
	"provider.endpoint":             "it is called base_url here",
	"provider.host":                 "it is called base_url here",
	"provider.api_base":             "it is called base_url here",
	"provider.address":              "it is called base_url here",
	"provider.model":                "it goes to the top, beside provider",
	"provider.requires_openai_auth": "leave it out: delivery decides this",
	"provider.api_key":              "say under secret where the key is",
	"provider.key":                  "say under secret where the key is",
	"confirm.disabled":              "write enabled: with the opposite",
	"confirm.retries":               "it is called attempts here",
	"confirm.url":                   "leave it out: base_url and /models are asked",
	"secret.args":                   "they go into command, behind the program: command: [PROGRAM, ARGUMENT, …]",
	"secret.value":                  "a secret does not belong in this file: say where it is, {env: …} or {file: …}",
	"secret.key":                    "a secret does not belong in this file: say where it is, {env: …} or {file: …}",
	"secret.valueFrom":              "a pod has it as a variable or a file: {env: …} or {file: …}",
	"secret.secretKeyRef":           "a pod has it as a variable or a file: {env: …} or {file: …}",
	"secret.vault.key":              "it is called field here",
	"secret.vault.url":              "it is called address here",
	"secret.vault.token":            "it goes under auth: {token: {env: …}} or {token: {file: …}}",
	"secret.vault.role":             "it goes under auth",
	"secret.vault.tls_skip_verify":  "a certificate is always checked: name the authority in ca_cert",
	"secret.vault.insecure":         "a certificate is always checked: name the authority in ca_cert",
	"rollout.strategy":              "it is called mode here: rings, all or hold",
	"rollout.percent":               "it goes into a ring: rings: [{name: few, percent: 10}, {name: all, percent: 100}]",
}

// otherwise is what an unknown key of a table was meant as, "" where nobody can say.
func otherwise(f field, path plan.Address) string {
	at := child(path, f.name).String()
	switch known, ok := within[at]; {
	case ok:
		return known
	case path.String() == "provider" && f.value.get("base_url") != nil:
		return "one policy has one provider: write id: " + word(f.name) + ", and its keys beside it"
	case len(path) > 0 && slices.Contains(names(rootShape), f.name):
		return "it goes to the top: take away the blanks in front of it"
	case path.String() == "provider":
		return "the keys here are " + strings.Join(names(providerShape), ", ") + "; all others go under settings, below model_providers"
	}
	return ""
}

func unknownRoot(f field, s *shape) string {
	if at, ok := elsewhere[strings.ToLower(f.name)]; ok {
		return at
	}
	keys := segments(f.name)
	switch {
	case belongsTo(f.name) != "":
		return "it goes under " + belongsTo(f.name)
	case len(keys) > 1 && slices.Contains(names(s), keys[0]):
		return fmt.Sprintf("it goes below %s, as %s", keys[0], nested(keys[1:], f.value))
	case len(keys) > 1 && sayable(f.name):
		return "keys of config.toml go under settings: " + nested(keys, f.value)
	}
	return "keys of config.toml go under settings"
}

// meantURLKey reports a provider whose base_url stands under another name, or one level too deep.
func meantURLKey(provider *node) bool {
	return slices.ContainsFunc(provider.fields, func(f field) bool {
		return within["provider."+f.name] == within["provider.url"] || f.value.get("base_url") != nil
	})
}

// asTable is how what stands in the place of a table was meant.
func asTable(n *node, path plan.Address) string {
	switch {
	case len(path) == 0:
		return notYAML(n)
	case n.kind == list && len(n.items) > 0 && n.items[0].kind == table:
		return "leave out the dash"
	case n.kind == scalar && fromTOML(n.text()) != "":
		return "this is a line of TOML: write it as YAML, " + tomlKey(n.text()) + ": …"
	case path.String() == "secret.vault" && n.kind == scalar:
		return inVault(n.text())
	case len(path) != 1 || n.kind != scalar:
		return ""
	case path[0] == "confirm" && (n.value.Kind() == plan.KindBool || meantBool(n) != ""):
		return fmt.Sprintf("write {enabled: %s}", strings.TrimPrefix(cmp.Or(meantBool(n), n.value.TOML()), "write "))
	case path[0] == "provider" && meantURL(n.text()) != "":
		return "write {base_url: " + word(meantURL(n.text())) + "}"
	case path[0] == "rollout" && oneOfTexts("rings", "all", "hold")(n).Message == "":
		return "write {mode: " + n.text() + "}"
	}
	return ""
}

// tomlKey is the key of a line of TOML.
func tomlKey(line string) string {
	key, _, _ := strings.Cut(line, "=")
	return word(strings.TrimSpace(key))
}

// asList is how one text in the place of a list was meant.
func asList(n *node, path plan.Address) string {
	switch {
	case n.kind == table && len(path) == 1 && path[0] == "absent":
		return inPaths(n)
	case n.kind == table && path.String() == "rollout.rings":
		return inRings(n)
	}
	s := n.text()
	if len(path) == 1 && path[0] == "repair" && !slices.Contains(plan.RepairRules, s) {
		return "name the rules: " + words(plan.RepairRules)
	}
	if !sayable(s) {
		return ""
	}
	if path[0] == "absent" {
		s = strings.Trim(s, "[] ")
	}
	switch {
	case len(path) == 1 && path[0] == "absent":
		return "each is a path of keys: write [" + pathOf(s) + "]"
	case len(path) == 2 && path[0] == "absent":
		return "a path of keys is a list: write " + pathOf(s)
	case path[len(path)-1] == "command":
		return "there is no shell: write the program and its arguments as a list, " + asArgv(s)
	}
	all := strings.Split(s, ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return "write " + words(slices.DeleteFunc(all, func(s string) bool { return s == "" }))
}

// pathOf is a dotted path of keys as a list.
func pathOf(s string) string { return words(segments(s)) }

// segments are the keys of a dotted path, those in quotes whole.
func segments(s string) []string {
	var out []string
	for s != "" {
		if q := s[0]; q == '"' || q == '\'' {
			if end := strings.IndexByte(s[1:], q); end >= 0 {
				out, s = append(out, s[1:1+end]), strings.TrimPrefix(s[end+2:], ".")
				continue
			}
		}
		first, rest, _ := strings.Cut(s, ".")
		out, s = append(out, first), rest
	}
	return out
}

// dotted reports a key that looks like a path of keys: written so it would become one
// quoted key at the root, and Codex knows none with a dot there.
func dotted(name string) bool { return strings.Contains(name, ".") && len(segments(name)) > 1 }

// nested is a dotted key as tables in one another, with its value.
func nested(keys []string, value *node) string {
	if len(keys) == 1 {
		return word(keys[0]) + ": " + said(value)
	}
	return word(keys[0]) + ": {" + nested(keys[1:], value) + "}"
}

// said is a value as it may stand in a table, … for one that is long or nobody's business.
func said(n *node) string {
	switch {
	case n.kind == scalar && n.value.Kind() == plan.KindString && sayable(n.text()):
		return word(n.text())
	case n.kind == scalar && n.value.Kind() != plan.KindString:
		return n.value.TOML()
	}
	return "…"
}

// typographic reports a text in quotes that YAML takes for letters.
func typographic(s string) bool {
	const quotes = "“”„‟«»‘’‚‛‹›"
	letters := []rune(s)
	return len(letters) > 1 && strings.ContainsRune(quotes, letters[0]) && strings.ContainsRune(quotes+`"'`, letters[len(letters)-1])
}

// falseDash reports an item of a list behind a sign that only looks like YAML's.
func falseDash(s string) bool {
	return strings.HasPrefix(s, "– ") || strings.HasPrefix(s, "— ") || strings.HasPrefix(s, "• ")
}

// notYAML says what a file without any key probably is.
func notYAML(n *node) string {
	switch s := n.text(); {
	case strings.Contains(s, " = ") || strings.HasPrefix(s, "["):
		return "this looks like TOML: a desired state is YAML, with the keys of config.toml under settings"
	case n.kind == list && len(n.items) == 1 && n.items[0].kind == table:
		return "leave out the dash"
	case n.kind == list:
		return "a desired state begins with version: 1"
	}
	return "a desired state has keys: version: 1, provider: …"
}

// indentSpace is what stands in an indentation and is no space, 0 where nothing does.
func indentSpace(line string) rune {
	for _, r := range line {
		switch {
		case r == ' ':
		case r >= 0x80 && unicode.IsSpace(r):
			return r
		default:
			return 0
		}
	}
	return 0
}

func wrongSpace(r rune) string {
	return fmt.Sprintf("a character in the indentation that looks like a space and is none (U+%04X)", r)
}

// source is a line of the file as a problem shows it, "" where something in it may be
// what nobody should see.
func source(line string) string {
	line = strings.TrimRight(line, "\r\n")
	if len(line) > 160 || plan.MaskText(line) != line || forbiddenIn(strings.ReplaceAll(line, "\t", " ")) != "" {
		return ""
	}
	if name, _, set := strings.Cut(strings.TrimSpace(line[strings.LastIndexAny(strings.SplitN(line, "=", 2)[0], ` :{["',`)+1:]), "="); set && variableName(name) {
		return "" // NAME=value, which may be anything
	}
	for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" {,[-\"'", r) }) {
		if name, _, isKey := strings.Cut(word, ":"); isKey && (plan.SecretName(name) || name == "secret" || strings.HasSuffix(name, "env_key") || strings.HasSuffix(name, "_env_var")) {
			return ""
		}
	}
	return line
}
