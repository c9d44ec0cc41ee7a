package sources

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/codexform/codexform/plan"
)

// What somebody meant who wrote something else, in a form that stands in the file as it is.

// sayable reports a text of the file that a problem may repeat.
func sayable(s string) bool {
	return s != "" && len(s) <= 200 && plan.MaskText(s) == s && !plan.LooksSecret(s) && forbiddenIn(s) == ""
}

// write is the advice to write a value, "" where nobody may see it.
func write(s string) string {
	if !sayable(s) {
		return ""
	}
	return "write " + s
}

var plainWord = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9_./+=-][A-Za-z0-9_./:@%+=-]*$`)
})

// word is a text as it may stand in a list or a table of YAML.
func word(s string) string {
	if v, wrong := resolve(s); plainWord().MatchString(s) && !strings.HasSuffix(s, ":") && s != "-" && wrong == nil && v.Kind() == plan.KindString {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// words are texts as a list of YAML.
func words(all []string) string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = word(s)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// asArgv is a line for a shell as a list: its words, or where it is more than words, the
// shell with the line.
func asArgv(s string) string {
	bare := s
	for _, name := range placeholders {
		bare = strings.ReplaceAll(bare, "${"+name+"}", "")
	}
	args, ok := shellWords(s)
	if strings.ContainsAny(bare, "|<>;&`$*?#~\\") || !ok {
		args = []string{"sh", "-c", s}
	}
	return words(args)
}

// shellWords splits a line at its blanks, but for those in quotes.
func shellWords(s string) (out []string, ok bool) {
	var b strings.Builder
	quote, within := rune(0), false
	for _, r := range s {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			b.WriteRune(r)
		case r == '"' || r == '\'':
			quote, within = r, true
		case r == ' ':
			if within {
				out = append(out, b.String())
			}
			b.Reset()
			within = false
		default:
			b.WriteRune(r)
			within = true
		}
	}
	if within {
		out = append(out, b.String())
	}
	return out, quote == 0
}

// meantURL is the base_url that somebody meant, "" where nobody can say.
func meantURL(s string) string {
	s = strings.Trim(s, " <>\"'`")
	if strings.Contains(s, `\`) {
		return "" // Codex ends the host there, and we would name the other one
	}
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		rest = s
	}
	rest, _, _ = strings.Cut(rest, "?")
	rest, _, _ = strings.Cut(rest, "#")
	host, path, _ := strings.Cut(rest, "/")
	host = host[strings.LastIndex(host, "@")+1:]
	u, err := url.Parse("https://" + host)
	if err != nil || !strings.Contains(u.Hostname(), ".") && !plan.Loopback(u.Hostname()) {
		return ""
	}
	scheme = map[bool]string{true: "http://", false: "https://"}[plan.Loopback(u.Hostname()) && scheme != "https"]
	meant := scheme + host
	if path = strings.TrimSuffix("/"+strings.TrimRight(path, "/"), plan.CallIn("/"+path)); path != "/" {
		meant += path
	}
	if !sayable(meant) || judgeURL(meant).Message != "" {
		return ""
	}
	return meant
}

// meantVariable is the name that somebody meant by $NAME, ${NAME}, %NAME%, env:NAME or a name with
// dashes.
func meantVariable(s string) string {
	for _, before := range []string{"export ", "env:", "$"} {
		s = strings.TrimPrefix(s, before)
	}
	s, _, _ = strings.Cut(strings.TrimPrefix(strings.Trim(s, "{}% "), "env."), "=")
	if s = strings.ReplaceAll(s, "-", "_"); !variableName(s) || plan.ShowName(s) != s {
		return ""
	}
	return s
}

var spoken = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([0-9]{1,6}) ?(ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?)?$`)
})

// meantDuration is a time in the form that it has here.
func meantDuration(s string) (string, time.Duration) {
	m := spoken().FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return "", 0
	}
	n, _ := strconv.Atoi(m[1])
	switch {
	case m[2] == "ms":
		return fmt.Sprintf("%dms", n), time.Duration(n) * time.Millisecond
	case strings.HasPrefix(m[2], "m"):
		n *= 60
	case strings.HasPrefix(m[2], "h"):
		n *= 3600
	}
	return fmt.Sprintf("%ds", n), time.Duration(n) * time.Second
}

var numberWithin = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^v?([0-9]+)( ?%|\.0+)?$`)
})

// meantNumber is the whole number in a text or a fraction, "" for none.
func meantNumber(n *node) string {
	s := n.text()
	if n.value.Kind() != plan.KindString {
		s = n.value.TOML()
	}
	if m := numberWithin().FindStringSubmatch(s); m != nil {
		return "write " + m[1]
	}
	return ""
}

// digitsOf is a date or a version as a number that only grows.
func digitsOf(s string) string {
	if bare := strings.NewReplacer("-", "", "_", "", ".", "").Replace(s); digits(bare) && bare[0] != '0' {
		return "write " + bare
	}
	return "for example 17"
}

// meantBool is the answer in a text, "" for none.
func meantBool(n *node) string {
	switch strings.ToLower(n.text()) {
	case "true", "yes", "on":
		return "write true"
	case "false", "no", "off":
		return "write false"
	}
	return ""
}

var tomlLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*([A-Za-z0-9_.-]+)\s*=\s*(\S.*)$`)
})

var tomlTable = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*\[+[A-Za-z0-9_."-]+\]+\s*$`)
})

// fromTOML says how a line of TOML is written here, "" where it is none.
func fromTOML(line string) string {
	m := tomlLine().FindStringSubmatch(strings.TrimRight(line, "\r"))
	switch {
	case m == nil && tomlTable().MatchString(line):
		return "write its keys below settings, as YAML"
	case m == nil:
		return ""
	case !sayable(m[2]) || plan.SecretName(m[1]) || strings.Contains(m[1], ".") || strings.Contains(m[2], "="):
		return "write it below settings, as YAML"
	}
	if slices.Contains(names(rootShape), m[1]) {
		return "write " + m[1] + ": " + m[2]
	}
	return "write it below settings: " + m[1] + ": " + m[2]
}

var unrendered = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\{%.*%\}|<%.*%>|@[A-Z][A-Z0-9_]*@|\{\{.*\}\}`)
})

// template is the mark of a template in a text that nobody has filled in, "" for none.
func template(s string) string {
	if !strings.ContainsAny(s, "%@{") {
		return ""
	}
	found := unrendered().FindString(s)
	switch {
	case len(found) < 2:
		return ""
	case found[0] == '@':
		return "@…@"
	}
	return found[:2] + "…" + found[max(2, len(found)-2):]
}
