package codex

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Environment is the environment of a Codex process: that of the shell it starts
// in, with the .env file of its home on top.
type Environment struct {
	getenv func(string) string
	file   map[string]dotenvValue
	path   string
}

// NewEnvironment makes an Environment of a shell's variables and the bytes of
// $CODEX_HOME/.env, nil when there is no such file. As in Codex, the file wins,
// and what it says about names that begin with CODEX_ does not count.
func NewEnvironment(getenv func(string) string, dotenv []byte) Environment {
	return Environment{getenv: getenv, file: parseDotenv(dotenv, getenv)}
}

// At is the environment whose .env file is called path where people are told of it.
func (e Environment) At(path string) Environment {
	e.path = path
	return e
}

// place is where the home's .env sets a variable, for people.
func (e Environment) place(name string) string {
	return fmt.Sprintf("line %d of %s", e.file[name].line, cmp.Or(e.path, ".env in the Codex home"))
}

// Overrides reports whether the value of a variable is that of the home's .env.
func (e Environment) Overrides(name string) bool {
	_, ok := e.file[name]
	return ok
}

// Get is the value of a variable, "" when it is not set. One of blanks alone, or that is
// not UTF-8, is none to Codex either. The zero Environment has none.
func (e Environment) Get(name string) string {
	v := e.stands(name)
	if strings.TrimSpace(v) == "" || !utf8.ValidString(v) {
		return ""
	}
	return v
}

// stands is what a variable is set to, whatever Codex makes of it.
func (e Environment) stands(name string) string {
	v, _ := e.Lookup(name)
	return v
}

// Lookup is what a variable is set to, and whether it is set to anything: what Codex's
// libraries see, as those for proxies and certificates.
func (e Environment) Lookup(name string) (string, bool) {
	if v, ok := e.file[name]; ok {
		return v.text, true
	}
	if e.getenv == nil {
		return "", false
	}
	v := e.getenv(name)
	return v, v != ""
}
