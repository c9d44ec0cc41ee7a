package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
)

// asciiWriter writes what is no ASCII in other words. What runs us under a contract may
// take our output for the text of its own locale: Puppet gives up over one arrow where
// that is POSIX, as it is below most schedulers.
type asciiWriter struct{ to io.Writer }

func (w asciiWriter) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.to, ascii(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

var asciiWords = strings.NewReplacer("→", "->", "…", "...", "–", "-", "·", "-", "×", "x")

// ascii is a text in ASCII; what has no other word is escaped as JSON does.
func ascii(s string) string {
	plain := strings.IndexFunc(s, func(r rune) bool { return r > 0x7e }) < 0
	if plain {
		return s
	}
	var b strings.Builder
	for _, r := range asciiWords.Replace(s) {
		switch {
		case r <= 0x7e:
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// asciiOnly reports whether a console whose locale knows no more than ASCII listens.
func asciiOnly(env Env) bool {
	if env.World.OS == "windows" || valueIn(env.Args, "--contract") == "" {
		return false
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale, _ := env.World.LookupEnv(name); locale != "" {
			locale = strings.ToUpper(locale)
			return !strings.Contains(locale, "UTF-8") && !strings.Contains(locale, "UTF8")
		}
	}
	return true
}
