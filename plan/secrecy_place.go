package plan

import "strings"

// place is what an address says about a text, before anyone looks at the text.
type place struct {
	name  string // of the key, "" where the name says nothing
	named bool   // a key of this name holds a secret
	open  bool   // any text here may be a secret: variables, headers, arguments of servers
	names bool   // here stand names of variables
	args  bool   // a list of arguments
	run   bool   // a command: its own path is none of it
}

// openTables hold variables, headers and parameters.
var openTables = map[string]bool{"env": true, "http_headers": true, "headers": true, "query_params": true}

// namedByUsers are tables whose next key is a name that somebody chose.
var namedByUsers = map[string]bool{
	"mcp_servers": true, "model_providers": true, "profiles": true, "projects": true, "plugins": true, "marketplaces": true, "agents": true, "apps": true,
}

func placeOf(a Address) place {
	var p place
	if len(a) == 0 {
		return p
	}
	var server, hooks bool
	parent := ""
	for i := 0; i < len(a); i++ {
		last := i == len(a)-1
		switch key := a[i]; {
		case namedByUsers[key] && !last:
			server = server || key == "mcp_servers"
			i++ // the name that follows says nothing
			parent = ""
			if i == len(a)-1 {
				return p
			}
			continue
		case last:
			return placeIn(parent, key, server, hooks)
		case key == "hooks":
			hooks = true
			parent = key
		case openTables[parent] || parent == "env_http_headers":
			// below one, whatever it is called
		case key == "set":
			if parent == "shell_environment_policy" {
				key = "env"
			}
			parent = key
		default:
			parent = key
		}
	}
	return p
}

func placeIn(parent, key string, server, hooks bool) place {
	p := place{name: key}
	switch {
	case parent == "env_http_headers", key == "env_key", key == "env_vars", strings.HasSuffix(key, "_env_var"):
		p.names = true
		return p
	case openTables[parent], parent == "shell_environment_policy.set":
		p.open = true
	case hooks:
		p.open, p.run = key != "type" && !measured(key), key == "command"
	case server:
		p.open, p.args = key == "args" || key == "url", key == "args"
	default:
		p.args = key == "args" || key == "command" || key == "notify"
	}
	p.run = p.run || key == "command"
	p.named = secretName(key, p.open)
	return p
}

// SecretName reports whether a variable, header or parameter of this name holds a secret.
func SecretName(name string) bool { return secretName(name, true) }

// secretEnds end the names of what holds a secret, written together or apart.
var secretEnds = []string{"token", "password", "passwd", "passphrase", "secret", "apikey", "authorization"}

// secretWords are the last words of such names.
var secretWords = map[string]bool{
	"pass": true, "pwd": true, "pat": true, "cookie": true, "bearer": true, "credential": true, "credentials": true,
	"token": true, "password": true, "secret": true,
}

// secretKeys stand before "key" in such names, wherever they are.
var secretKeys = map[string]bool{
	"api": true, "secret": true, "access": true, "private": true, "signing": true, "encryption": true, "auth": true,
	"master": true, "subscription": true,
}

// openKeys stand before "key" in names of what anyone may see.
var openKeys = map[string]bool{"public": true, "primary": true, "foreign": true, "sort": true, "partition": true, "env": true}

// secretName judges a name; wide where names are those of variables, headers and
// parameters, among which every key and every auth counts.
func secretName(name string, wide bool) bool {
	words := nameWords(name)
	if len(words) == 0 {
		return false
	}
	last, before := words[len(words)-1], ""
	if len(words) > 1 {
		before = words[len(words)-2]
	}
	switch last {
	case "key", "keys":
		return secretKeys[before] || wide && !openKeys[before]
	case "auth", "sig", "signature", "code", "session", "jwt":
		return wide
	}
	if secretWords[last] {
		return true
	}
	for _, end := range secretEnds {
		if strings.HasSuffix(last, end) {
			return true
		}
	}
	return false
}

// nameWords are the words of a name, in lower case: api_key, api-key, apiKey.
func nameWords(name string) []string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		if lower && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
		}
		lower = r >= 'a' && r <= 'z'
		if strings.ContainsRune("_-. ", r) {
			r = ' '
		}
		b.WriteRune(r)
	}
	return strings.Fields(strings.ToLower(b.String()))
}
