package sources

import "strings"

// secretPrefixes are how keys and tokens begin, and how many characters follow at least.
var secretPrefixes = []struct {
	prefix string
	rest   int
}{
	{"sk-", 8},
	{"hvs.", 16},
	{"hvb.", 16},
	{"hvr.", 16},
	{"ghp_", 16},
	{"gho_", 16},
	{"ghs_", 16},
	{"ghu_", 16},
	{"github_pat_", 16},
	{"glpat-", 16},
	{"xoxb-", 16},
	{"xoxp-", 16},
	{"AKIA", 16},
	{"AIza", 30},
}

// looksSecret reports whether a text is, or contains as a word, something shaped
// like a key.
func looksSecret(s string) bool {
	wordStart := func(before byte) bool { return strings.IndexByte(" \t:=,;\"'`?&", before) >= 0 }
	return hasKey(s, wordStart) || hasWordAndToken(s, "bearer ") || hasWordAndToken(s, "basic ") || isJWT(s) ||
		strings.Contains(s, "PRIVATE KEY-----") || hasUserInfo(s)
}

// mayHoldSecret is looksSecret for what is to be shown: a key in the middle of a
// word counts too.
func mayHoldSecret(s string) bool {
	return looksSecret(s) || hasKey(s, func(byte) bool { return true })
}

// hasKey looks for a prefix of a key, behind a character that may stand before one.
func hasKey(s string, behind func(byte) bool) bool {
	for _, p := range secretPrefixes {
		for i := 0; i < len(s); {
			at := strings.Index(s[i:], p.prefix)
			if at < 0 {
				break
			}
			at += i
			i = at + len(p.prefix)
			if (at == 0 || behind(s[at-1])) && tokenLength(s[i:]) >= p.rest {
				return true
			}
		}
	}
	return false
}

func tokenLength(s string) int {
	n := 0
	for n < len(s) && tokenByte(s[n]) {
		n++
	}
	return n
}

func tokenByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || strings.IndexByte("_-./+=~", c) >= 0
}

// hasWordAndToken matches the value of an Authorization header.
func hasWordAndToken(s, word string) bool {
	return len(s) > len(word) && strings.EqualFold(s[:len(word)], word) && tokenLength(s[len(word):]) >= 8
}

// isJWT matches three parts of base64 of which the first begins a JSON object.
func isJWT(s string) bool {
	return strings.HasPrefix(s, "eyJ") && len(s) > 40 && strings.Count(s, ".") == 2 && tokenLength(s) == len(s)
}

// hasUserInfo matches scheme://user:password@host.
func hasUserInfo(s string) bool {
	_, rest, ok := strings.Cut(s, "://")
	if !ok {
		return false
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	user, _, ok := strings.Cut(rest, "@")
	return ok && strings.Contains(user, ":")
}

// namesSecret reports whether a setting of this name holds a secret in clear.
// Names of variables and files do not end like that: bearer_token_env_var, env_key.
func namesSecret(name string) bool {
	name = strings.ReplaceAll(strings.ToLower(name), "-", "_")
	switch name {
	case "password", "passwd", "token", "secret", "api_key", "apikey", "authorization", "private_key", "secret_key":
		return true
	}
	for _, end := range []string{"_password", "_token", "_secret", "_api_key", "_apikey", "_secret_key"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}
