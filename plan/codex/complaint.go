package codex

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/codexform/codexform/plan"
)

// placed is how Codex names a place in a config.toml, in its versions since 0.94.
var placed = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:\S*[/\\])?` + regexp.QuoteMeta(plan.ConfigFile) + `:(\d+):(\d+): `)
})

// complaint is what a Codex printed for people when it did not start: its first
// line, what caused that, and the key where it names one.
func complaint(text []byte) *LoadError {
	head, _, _ := strings.Cut(string(text), "Stack backtrace")
	if _, said, ok := strings.Cut("\n"+head, "\nError: "); ok { // warnings come before it
		head = said
	}
	first, cause, _ := strings.Cut(head, "Caused by:")
	e := &LoadError{}
	said := strings.Join(strings.Fields(first), " ")
	if m := placed().FindStringSubmatchIndex(said); m != nil {
		e.Line, _ = strconv.Atoi(said[m[2]:m[3]])
		e.Column, _ = strconv.Atoi(said[m[4]:m[5]])
		said = said[:m[0]] + said[m[1]:]
	}
	if cause = strings.Join(strings.Fields(cause), " "); cause != "" {
		said = strings.TrimPrefix(cause, "0: ")
	}
	if said == "" {
		said = "it ends without a word"
	}
	e.Detail = withoutValues(said)
	return e
}
