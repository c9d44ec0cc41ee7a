package plan

import "strings"

// place is what an address says about a text, before anyone looks at the text.
type place struct {
	name   string // of the key, "" where the name says nothing
	named  bool   // a key of this name holds a secret
	below  bool   // a table of such a name is above
	open   bool   // any text here may be a secret: variables, headers, arguments of servers
	names  bool   // here stand names of variables
	args   bool   // a list of arguments
	run    bool   // a command: its own path is none of it
	server bool   // of a server, whose arguments are open
}

// openTables hold variables, headers and parameters. A list or a text in the place of
// such a table holds nothing else.
var openTables = map[string]bool{"env": true, "http_headers": true, "headers": true, "query_params": true}

// namedByUsers are tables whose next key is a name that somebody chose.
var namedByUsers = map[string]bool{
	"mcp_servers": true, "model_providers": true, "profiles": true, "projects": true, "plugins": true, "marketplaces": true, "agents": true, "apps": true,
}

// placeOf walks from the root down: what a table is goes for all that is below it.
func placeOf(a Address) place {
	var p place
	var hooks bool
	parent := ""
	for i := 0; i < len(a); i++ {
		key := a[i]
		if namedByUsers[key] && i < len(a)-1 && !p.open && !p.names {
			i++ // the name that follows says nothing
			parent, p = "", place{below: p.below || p.named, server: p.server || key == "mcp_servers"}
			continue
		}
		p = p.down(parent, key, hooks)
		hooks, parent = hooks || key == "hooks", key
	}
	return p
}

// down is the place of a key in the table at p, whose own key is parent.
func (p place) down(parent, key string, hooks bool) place {
	in := place{name: key, below: p.below || p.named, open: p.open, names: p.names, server: p.server}
	switch {
	case p.names, !p.open && namesVariables(key):
		in.names = true
		return in
	case openTables[key], parent == "shell_environment_policy" && key == "set":
		in.open = true
	case hooks:
		in.open = key != "type" && !measured(key)
	case p.server && (key == "args" || key == "url"):
		in.open = true
	}
	if !p.open || hooks && !openTables[parent] {
		in.run = runs(key)
	}
	in.args = !p.open && (in.run || key == "args")
	in.named = secretName(key, p.open || hooks)
	return in
}

// namesVariables reports a key below which stand names of variables.
func namesVariables(key string) bool {
	return key == "env_http_headers" || key == "env_key" || key == "env_vars" || strings.HasSuffix(key, "_env_var")
}

// runs reports a key with a program, alone, with its arguments or as a line of a shell.
func runs(key string) bool {
	switch key {
	case "command", "cmd", "notify", "helper", "credential_process":
		return true
	}
	return strings.HasSuffix(key, "_helper") || strings.HasSuffix(key, "_command")
}

// SecretName reports whether a variable, header or parameter of this name holds a secret.
func SecretName(name string) bool { return secretName(name, true) }

// secretEnds end the names of what holds a secret, written together or apart.
var secretEnds = []string{"token", "password", "passwd", "passphrase", "passcode", "secret", "apikey", "authorization"}

// secretWords are the last words of such names.
var secretWords = map[string]bool{
	"pass": true, "pwd": true, "pat": true, "cookie": true, "bearer": true, "credential": true, "credentials": true, "creds": true,
	"passwords": true, "secrets": true, "cookies": true, "apikeys": true,
}

// versions end a name and say only which one of several it is.
var versions = map[string]bool{
	"value": true, "raw": true, "plain": true, "b": true, "base": true, "prod": true, "production": true, "staging": true,
	"dev": true, "test": true, "live": true, "old": true, "new": true, "backup": true,
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
	return mayNameSecret(name) && wordsNameSecret(nameWords(name), wide)
}

func wordsNameSecret(words []string, wide bool) bool {
	for len(words) > 1 && versions[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
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
	case "tokens": // without a word in front, or else they may be counted
		return before == "" || before == "refresh" || secretKeys[before]
	case "auth", "sig", "signature", "code", "session", "jwt", "pin", "otp":
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

// tellingLetters are what the last words of such names begin or end with, by the last five
// bits of their first letter.
var tellingLetters = [32][]string{
	'a' & 31: {"auth"}, 'b' & 31: {"bearer"}, 'c' & 31: {"code", "cookie", "cred"}, 'j' & 31: {"jwt"}, 'k' & 31: {"key"},
	'o' & 31: {"otp"}, 'p' & 31: {"pass", "pat", "pin", "pwd"}, 's' & 31: {"secret", "session", "sig"}, 't' & 31: {"token"},
}

// mayNameSecret is false only for a name that secretName says no to.
func mayNameSecret(name string) bool {
	for i := range len(name) {
		if name[i] >= 0x80 {
			return true // its small letter may be one of ASCII
		}
		for _, telling := range tellingLetters[name[i]&31] {
			if len(name)-i >= len(telling) && equalFold(name[i:], telling) {
				return true
			}
		}
	}
	return false
}

// passName reports a name of what people choose and type, which is short at times.
func passName(name string) bool {
	words := nameWords(name)
	last := words[len(words)-1]
	return strings.HasPrefix(last, "pass") || strings.HasSuffix(last, "password") || last == "pwd" || last == "pin"
}

// nameWords are the words of a name, in lower case and without numbers: api_key, api-key,
// apiKey, APIKey2.
func nameWords(name string) []string {
	var b strings.Builder
	var before rune
	for i, r := range name {
		switch {
		case strings.ContainsRune("_-. 0123456789", r):
			b.WriteByte(' ')
		case upper(r) && !upper(before), upper(r) && upper(before) && i+1 < len(name) && name[i+1] >= 'a' && name[i+1] <= 'z':
			b.WriteByte(' ')
			fallthrough
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return strings.Fields(strings.ToLower(b.String()))
}

func upper(r rune) bool { return r >= 'A' && r <= 'Z' }
