package plan

import (
	"slices"
	"strings"
)

// arguments is the list of arguments of a program.
type arguments struct {
	open    bool // every one may be a secret
	own     bool // the first is the program itself
	command string
	items   []Value
}

// argumentsOf is the list as arguments, nil where it is a list of something else:
// it is one by its place, or because there is a flag in it.
func argumentsOf(p place, command string, items []Value) *arguments {
	flags := slices.ContainsFunc(items, func(v Value) bool { return strings.HasPrefix(v.Text(), "-") })
	if p.names || p.named || !p.args && (p.open || !flags) {
		return nil
	}
	own := baseName(command)
	says := own == "echo" || own == "printf" // the secret itself, where a token is asked for
	return &arguments{open: p.open || p.server || says, own: p.name != "args", command: own, items: items}
}

func baseName(path string) string {
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	return strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(name, ".cmd"), ".exe"))
}

// hide is one argument as it may be shown.
func (a *arguments) hide(i int) (string, Grade) {
	s := a.items[i].Text()
	if i == 0 && a.own && !hasShape(s) {
		return hideURLs(s, false)
	}
	if flag, ok := a.flagBefore(i); ok {
		name := strings.TrimLeft(flag, "-")
		switch {
		case strings.HasPrefix(s, "-") && !secretName(name, false):
			return a.flag(s)
		case a.packageName(i, flag):
			return s, Harmless
		case headerFlag(name) || name == "e" || name == "env":
			return a.pair(s, MayBeSecret)
		}
		return hideText(place{name: name, named: secretFlag(name), open: true}, s)
	}
	if strings.HasPrefix(s, "-") {
		return a.flag(s)
	}
	if a.packageName(i, "") {
		return s, Harmless
	}
	least := Harmless
	if a.open {
		least = MayBeSecret
	}
	return a.pair(s, least)
}

// flagBefore is the flag whose value an argument may be.
func (a *arguments) flagBefore(i int) (string, bool) {
	if i == 0 {
		return "", false
	}
	before := a.items[i-1].Text()
	return before, len(before) > 1 && before[0] == '-' && !strings.Contains(before, "=") && before != "--"
}

func (a *arguments) flag(s string) (string, Grade) {
	name, value, both := strings.Cut(s, "=")
	if i := strings.IndexAny(name, " \t\r\n"); i >= 0 { // one argument that is a flag and its value
		shown, g := a.flag(s[:i])
		return shown + " " + Masked, max(g, MayBeSecret)
	}
	if bare := strings.TrimLeft(name, "-"); !both || strings.Trim(value, "=") == "" || hasShape(name) || drawn(bare) {
		return a.bareFlag(s) // the = is one of base64
	}
	bare := strings.TrimLeft(name, "-")
	if headerFlag(bare) || bare == "e" || bare == "env" {
		shown, g := a.pair(value, MayBeSecret)
		return name + "=" + shown, g
	}
	shown, g := hideText(place{name: bare, named: secretFlag(bare), open: true}, value)
	return name + "=" + shown, g
}

// bareFlag hides what is a secret in a flag without a "=": --name:value, and a value
// that is glued to a letter, as in -pVALUE.
func (a *arguments) bareFlag(s string) (string, Grade) {
	name, value, both := strings.Cut(s, ":")
	bare := strings.TrimLeft(name, "-")
	switch {
	case hasShape(s) || random(strings.TrimLeft(s, "-")):
		return Masked, IsSecret
	case both && (a.open || secretFlag(bare)) && !strings.HasPrefix(value, "//"):
		shown, g := hideText(place{name: bare, named: secretFlag(bare), open: true}, value)
		return name + ":" + shown, g
	case len(s) > 2 && s[1] != '-' && hasShape(s[2:]):
		return s[:2] + Masked, IsSecret
	case len(s) > 2 && s[1] != '-' && mixed(s[2:]):
		return s[:2] + Masked, MayBeSecret
	}
	return s, Harmless
}

// pair hides NAME=value and Name: value, and at least the grade of anything else.
func (a *arguments) pair(s string, least Grade) (string, Grade) {
	for _, between := range []string{": ", ":", "="} {
		name, value, both := strings.Cut(s, between)
		if !both || !pairName(name) || strings.HasPrefix(value, "//") || between == ":" && !SecretName(name) {
			continue
		}
		shown, g := hideText(place{name: name, named: SecretName(name), open: true}, value)
		return name + between + shown, g
	}
	return hideText(place{open: least == MayBeSecret}, s)
}

// pairName reports what can stand before the value: a variable or a header.
func pairName(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.") == "" &&
		!hasShape(s) && !random(s)
}

func headerFlag(name string) bool { return name == "H" || name == "header" || name == "headers" }

// secretFlag reports a flag that is followed by a secret. A bare --secret, --key or
// --code mostly names one.
func secretFlag(name string) bool {
	words := nameWords(name)
	if len(words) == 1 {
		switch words[0] {
		case "secret", "key", "keys", "code", "session", "sig":
			return false
		}
	}
	return SecretName(name)
}

// packageName reports the argument that names what npx or uvx runs. Where nobody says what is
// run, -p may be the flag of a password.
func (a *arguments) packageName(i int, flag string) bool {
	switch a.command {
	case "npx", "uvx", "bunx", "pnpx", "":
	default:
		return false
	}
	s := a.items[i].Text()
	if hasShape(s) || random(s) || strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@/._~^[]=-") != "" || strings.Count(s, "=") == 1 {
		return false
	}
	switch flag {
	case "-y", "--yes":
		return true
	case "-p", "--package", "--from":
		return a.command != ""
	case "":
		return a.command != "" && !a.positionalBefore(i) || strings.HasPrefix(s, "@") && strings.Contains(s, "/")
	}
	return false
}

// positionalBefore reports an argument before that is neither a flag nor the package behind
// one, as in uvx --from package program.
func (a *arguments) positionalBefore(i int) bool {
	for j, v := range a.items[:i] {
		flag, _ := a.flagBefore(j)
		if !strings.HasPrefix(v.Text(), "-") && flag != "--from" && flag != "--package" && flag != "-p" {
			return true
		}
	}
	return false
}
