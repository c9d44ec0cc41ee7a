package sources

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/sources/vault"
)

// The checks of single values. They see text before ${…} is expanded; where that
// matters they leave a text that holds one to the check after expansion.

func hasPlaceholder(s string) bool { return strings.Contains(s, "${") }

// expandable reports a text with a placeholder of ours, which is judged once it is replaced.
func expandable(s string) bool {
	return hasPlaceholder(s) && (strings.Contains(s, "${env.") ||
		slices.ContainsFunc(placeholders, func(name string) bool { return strings.Contains(s, "${"+name+"}") }))
}

func oneOfTexts(wanted ...string) func(*node) Problem {
	return func(n *node) Problem {
		if slices.Contains(wanted, n.text()) {
			return Problem{}
		}
		if near := plan.Near(n.text(), wanted, 1); len(near) > 0 {
			return Problem{Message: "must be " + or(wanted), Fix: fmt.Sprintf("did you mean %q?", near[0])}
		}
		return Problem{Message: "must be " + or(wanted)}
	}
}

func or(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

func between(low, high int64) func(*node) Problem {
	return func(n *node) Problem {
		if v := n.value.Int64(); v < low || v > high {
			return Problem{Message: fmt.Sprintf("must be from %d to %d", low, high)}
		}
		return Problem{}
	}
}

func formatVersion(n *node) Problem {
	if n.value.Int64() != 1 {
		return Problem{Message: "this codexform reads version 1 only", Fix: "write version: 1, or use a newer codexform"}
	}
	return Problem{}
}

// oneLine wants a text that is not empty.
func oneLine(most int) func(*node) Problem {
	return func(n *node) Problem {
		switch s := n.text(); {
		case strings.TrimSpace(s) == "":
			return Problem{Message: "must not be empty"}
		case utf8.RuneCountInString(s) > most:
			return Problem{Message: fmt.Sprintf("is longer than %d characters", most)}
		}
		return Problem{}
	}
}

// visible wants a text without blanks.
func visible(most int) func(*node) Problem {
	return func(n *node) Problem {
		if p := oneLine(most)(n); p.Message != "" {
			return p
		}
		if strings.ContainsFunc(n.text(), unicode.IsSpace) {
			return Problem{Message: "must not hold blanks", Fix: withoutBlanks(n.text())}
		}
		return Problem{}
	}
}

// withoutBlanks is a name or a URL as it was meant.
func withoutBlanks(s string) string {
	between := "-"
	if strings.Contains(s, "://") {
		between = ""
	}
	return write(strings.Join(strings.Fields(s), between))
}

func filePath(n *node) Problem {
	if rest, ok := strings.CutPrefix(strings.TrimSpace(n.text()), "~"); ok {
		return Problem{Message: "~ is not expanded here", Fix: cmp.Or(ownHome(rest), "write the whole path")}
	}
	return oneLine(4096)(n)
}

// ownHome is how a path behind ~ is written, "" behind another user's name.
func ownHome(rest string) string {
	if rest != "" && rest[0] != '/' && rest[0] != '\\' {
		return ""
	}
	return cmp.Or(write("${home}"+rest), "write ${home} instead")
}

// homePath is a path that may begin at the user's own ~.
func homePath(n *node) Problem {
	for _, file := range []string{plan.ConfigFile, plan.AuthFile} {
		if folder, ok := strings.CutSuffix(n.text(), "/"+file); ok {
			return Problem{Message: "names a file of the Codex home, not its folder", Fix: write(folder)}
		}
	}
	if rest, ok := strings.CutPrefix(n.text(), "~"); ok && ownHome(rest) != "" {
		return oneLine(4096)(n)
	}
	return filePath(n)
}

// secretFile is a path, and no reference of another program.
func secretFile(n *node) Problem {
	switch scheme, rest, url := strings.Cut(n.text(), "://"); {
	case url && scheme == "file":
		return Problem{Message: "a path, not a URL", Fix: write(rest)}
	case url && scheme == "op":
		return Problem{Message: "a reference of another program, not a path", Fix: "write command: " + words([]string{"op", "read", "op://…"}) + " instead of file"}
	case url:
		return Problem{Message: "a path, not a URL", Fix: "let a program fetch it: command: [PROGRAM, ARGUMENT, …]"}
	}
	return filePath(n)
}

// modelName wants the name of a model, with nothing behind it that belongs to another format.
func modelName(n *node) Problem {
	if s := strings.TrimRight(n.text(), ",;"); s != n.text() && s != "" {
		return Problem{Message: "ends in a sign that YAML does not need", Fix: write(s)}
	}
	return visible(256)(n)
}

// vaultPath is the path of a secret below its mount.
func vaultPath(n *node) Problem {
	if strings.Contains(n.text(), "#") {
		fix := "the field has a key of its own"
		if p := vault.Meant("secret", n.text()); p.Path != "" && p.Field != "" {
			fix = "path: " + p.Path + " and field: " + p.Field
			if p.Mount != "secret" {
				fix = "mount: " + p.Mount + ", " + fix
			}
			fix = cmp.Or(write(fix), "the field has a key of its own")
		}
		return Problem{Message: "holds #, which is not part of a path", Fix: fix}
	}
	return oneLine(512)(n)
}

// ownHeaders are headers that no key may stand in.
var ownHeaders = []string{"authorization", "host", "content-type", "content-length", "accept", "user-agent", "connection", "transfer-encoding"}

// authHeader wants the name of a header for the key.
func authHeader(n *node) Problem {
	s := n.text()
	for _, r := range s {
		if r > '~' || r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return Problem{Message: "not the name of a header", Fix: "for example api-key"}
		}
	}
	switch name := strings.ToLower(s); {
	case name == "authorization":
		return Problem{Message: "Codex sends Authorization: Bearer by itself", Fix: "leave auth_header out"}
	case slices.Contains(ownHeaders, name):
		return Problem{Message: "this header has another meaning", Fix: "for example api-key"}
	}
	return visible(64)(n)
}

// expandedVariable wants the name of a variable, in a place where ${…} is expanded.
func expandedVariable(n *node) Problem {
	if hasPlaceholder(n.text()) {
		return Problem{}
	}
	return variable(n)
}

// variable wants the name of an environment variable.
func variable(n *node) Problem {
	switch {
	case variableName(n.text()) && plan.ShowName(n.text()) != n.text():
		return Problem{
			Rule: "secret-in-file", Message: "this looks like the key itself, and secrets do not belong in this file",
			Fix: "give the name of the variable that holds it",
		}
	case !variableName(n.text()):
		fix := write(meantVariable(n.text()))
		return Problem{Message: "not the name of a variable", Fix: cmp.Or(fix, "give the name alone, for example ROUTESCOPE_API_KEY")}
	}
	return Problem{}
}

// variableName reports the name of a variable; of Windows' own, some end with (x86).
func variableName(s string) bool {
	s = strings.TrimSuffix(s, "(x86)")
	for i, r := range s {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != "" && len(s) <= 256
}

// credentialName wants the name of one file of systemd's credentials folder.
func credentialName(n *node) Problem {
	s := n.text()
	if strings.ContainsAny(s, `/\`) && !hasPlaceholder(s) || s == "." || s == ".." {
		return Problem{Message: "must be a name, not a path", Fix: "systemd makes the path from LoadCredential=NAME:…"}
	}
	return visible(255)(n)
}

// reservedIDs are providers that Codex builds in and does not let anyone redefine.
var reservedIDs = []string{"openai", "ollama", "lmstudio"}

func providerID(n *node) Problem {
	if slices.Contains(reservedIDs, n.text()) {
		return Problem{Rule: "reserved-provider-id", Message: "Codex keeps this id for itself", Fix: "take another, for example OpenAI; upper and lower case count"}
	}
	return visible(64)(n)
}

// duration wants a whole number of seconds or milliseconds, up to a most.
func duration(most time.Duration) func(*node) Problem {
	return func(n *node) Problem {
		s := n.text()
		number := strings.TrimSuffix(strings.TrimSuffix(s, "s"), "m")
		d, err := time.ParseDuration(s)
		if err != nil || !digits(number) || len(s)-len(number) == 0 || strings.HasSuffix(s, number+"m") {
			p := Problem{Message: "must be a whole number with its unit", Fix: "for example 10s or 1500ms"}
			if meant, d := meantDuration(s); meant != "" && d >= 100*time.Millisecond && d <= most {
				p.Fix = "write " + meant
			} else if meant != "" {
				p.Fix = fmt.Sprintf("from 100ms to %ds", int(most.Seconds()))
			}
			return p
		}
		if d < 100*time.Millisecond || d > most {
			return Problem{Message: fmt.Sprintf("must be from 100ms to %ds", int(most.Seconds()))}
		}
		return Problem{}
	}
}

// baseURL wants the address of a gateway as Codex appends its paths to it.
func baseURL(n *node) Problem {
	p := judgeURL(n.text())
	if p.Message == "" || strings.Contains(n.text(), "${") {
		return p
	}
	if meant := meantURL(n.text()); meant != "" {
		p.Fix = "write " + meant
		switch {
		case p.Rule == "base-url-credentials":
			p.Fix += "; the key comes from secret"
		case strings.Contains(n.text(), "?"):
			p.Fix += "; a query goes under settings, as query_params of the provider"
		}
	}
	return p
}

func judgeURL(s string) Problem {
	if p := visible(2048)(&node{kind: scalar, value: plan.Str(s)}); p.Message != "" {
		return p
	}
	if _, rest, open := strings.Cut(s, "${"); open { // one of ours is judged once it is replaced
		name, _, _ := strings.Cut(rest, "}")
		return Problem{Message: "${" + showName(name) + "} is not known", Fix: placeholderNames()}
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "" || !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://"):
		return Problem{Message: "must be a URL with https:// and a host", Fix: "for example https://gateway.example/v1"}
	case u.User != nil:
		return Problem{Rule: "base-url-credentials", Message: "must not hold a user or password", Fix: "the key comes from secret"}
	case strings.ContainsAny(s, "?#"):
		return Problem{Message: "must not hold a query or fragment", Fix: "Codex appends its own path"}
	}
	asked, wrong := plan.Asked(s)
	switch {
	case wrong != "":
		return Problem{Message: wrong, Fix: urlFix(wrong)}
	case plan.CallIn(u.Path) != "":
		return Problem{Message: fmt.Sprintf("ends in %s, which Codex appends by itself", plan.CallIn(u.Path)), Fix: "leave that out"}
	case asked.Scheme == "http" && !plan.Loopback(asked.Hostname()):
		return Problem{Rule: "base-url-insecure", Message: "http:// would send the key in clear", Fix: "use https://; http:// is for loopback only"}
	}
	return Problem{}
}

// urlFix is what to do about what is wrong with a base_url.
func urlFix(wrong string) string {
	for _, f := range []struct{ says, fix string }{
		{"detour", "write the path as it is meant"},
		{"number for a host", "write the address in full, or the host's name"},
		{"zone", "write the address without it, or the host's name"},
		{"in its path", ""},
		{"port", "write the gateway's own"},
	} {
		if strings.Contains(wrong, f.says) {
			return f.fix
		}
	}
	return "write the URL as the gateway gives it, in ASCII"
}

func vaultAddress(n *node) Problem {
	s := n.text()
	if hasPlaceholder(s) {
		return Problem{}
	}
	for _, scheme := range []string{"https://", "http://", "unix://"} {
		if rest, ok := strings.CutPrefix(s, scheme); ok && rest != "" && !strings.ContainsAny(s, "?# \\") {
			return Problem{}
		}
	}
	fix := "for example https://vault.example.com:8200"
	if meant := "https://" + s; !strings.Contains(s, "://") && vaultAddress(&node{kind: scalar, value: plan.Str(meant)}).Message == "" && sayable(meant) && s != "" {
		fix = "write " + meant
	}
	return Problem{Message: "must be a URL", Fix: fix}
}
