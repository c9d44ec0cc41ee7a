package codex

import (
	"cmp"
	"fmt"
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

// Get is the value of a variable, "" when it is not set. The zero Environment has none.
func (e Environment) Get(name string) string {
	if v, ok := e.file[name]; ok {
		return v.text
	}
	if e.getenv == nil {
		return ""
	}
	return e.getenv(name)
}
