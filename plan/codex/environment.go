package codex

import (
	"strings"
)

// Environment is the environment of a Codex process: that of the shell it starts
// in, with the .env file of its home on top.
type Environment struct {
	getenv func(string) string
	file   map[string]string
}

// NewEnvironment makes an Environment of a shell's variables and the bytes of
// $CODEX_HOME/.env, nil when there is no such file. As in Codex, the file wins,
// and what it says about names that begin with CODEX_ does not count.
func NewEnvironment(getenv func(string) string, dotenv []byte) Environment {
	return Environment{getenv: getenv, file: parseDotenv(dotenv)}
}

// Get is the value of a variable, "" when it is not set. The zero Environment has none.
func (e Environment) Get(name string) string {
	if v, ok := e.file[name]; ok {
		return v
	}
	if e.getenv == nil {
		return ""
	}
	return e.getenv(name)
}

// FromFile reports whether a variable gets its value from the .env file.
func (e Environment) FromFile(name string) bool {
	_, ok := e.file[name]
	return ok
}

func parseDotenv(data []byte) map[string]string {
	vars := map[string]string{}
	for line := range strings.Lines(string(data)) {
		name, value, ok := dotenvLine(line)
		if ok && !strings.HasPrefix(name, "CODEX_") {
			vars[name] = value
		}
	}
	return vars
}

func dotenvLine(line string) (name, value string, ok bool) {
	line = strings.TrimSpace(line)
	if line == "" || line[0] == '#' {
		return "", "", false
	}
	line = strings.TrimSpace(strings.TrimPrefix(line, "export "))
	name, value, ok = strings.Cut(line, "=")
	return strings.TrimSpace(name), dotenvValue(strings.TrimSpace(value)), ok
}

func dotenvValue(v string) string {
	if v == "" {
		return ""
	}
	if quote := v[0]; quote == '"' || quote == '\'' {
		if end := strings.IndexByte(v[1:], quote); end >= 0 {
			return v[1 : 1+end]
		}
		return v
	}
	v, _, _ = strings.Cut(v, " #")
	return strings.TrimSpace(v)
}
