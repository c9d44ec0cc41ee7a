package plan

import "strings"

// hideText is a text as it may be shown, and the grade of what was masked in it.
func hideText(p place, s string) (string, Grade) {
	switch {
	case s == "" || s == Masked:
		return s, Harmless
	case p.names:
		if variableShape(s) {
			return s, Harmless
		}
		return Masked, IsSecret
	case p.named && !reference(s) && !plainWord(s) && !(filePath(s) && keyFile(p.name)):
		return Masked, IsSecret
	}
	shown, g := hideURLs(s, p.path)
	switch {
	case hasShape(shown):
		return Masked, IsSecret
	case p.run && (p.open || hasArguments(shown)):
		return hideCommand(shown, g)
	case p.open && random(shown) && !measured(p.name):
		return Masked, IsSecret
	case p.open && !plainWord(s) && !isURL(s):
		return Masked, max(g, MayBeSecret)
	case random(shown) && !measured(p.name):
		return Masked, max(g, MayBeSecret)
	}
	return shown, g
}

// keyFile reports a name that can stand for the file with the secret.
func keyFile(name string) bool {
	words := nameWords(name)
	switch words[len(words)-1] {
	case "key", "keys", "credentials", "credential", "cookie":
		return true
	}
	return false
}

// hasArguments reports a command that somebody wrote as a line of a shell, and not as a
// path that may have blanks in it.
func hasArguments(s string) bool {
	words := strings.Fields(s)
	for i, w := range words {
		if i > 0 && (strings.HasPrefix(w, "-") && len(w) > 1 || strings.ContainsAny(w, "=:@") || hasShape(w) || random(w)) {
			return true
		}
	}
	return len(words) > 1 && strings.Contains(words[0], "=")
}

// hideCommand leaves a command's own path and hides what follows.
func hideCommand(s string, g Grade) (string, Grade) {
	own, rest, more := strings.Cut(s, " ")
	if !more || strings.TrimSpace(rest) == "" {
		return s, g
	}
	if strings.Contains(own, "=") { // a variable before the command
		return Masked, max(g, MayBeSecret)
	}
	return own + " " + Masked, max(g, MayBeSecret)
}

// urlIn is where the first URL of a text begins and ends, negative where there is none.
func urlIn(s string) (start, end int) {
	for from := 0; ; {
		i := strings.Index(s[from:], "://")
		if i < 0 {
			return -1, -1
		}
		i += from
		for start = i; start > 0 && schemeByte(s[start-1]); start-- {
		}
		if end = strings.IndexAny(s[i:], " \t\r\n\"'<>`"); end < 0 {
			end = len(s) - i
		}
		if end += i; start < i && end > i+3 {
			return start, end
		}
		from = i + 3
	}
}

func schemeByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '.' || c == '-'
}

func isURL(s string) bool {
	start, end := urlIn(s)
	return start == 0 && end == len(s)
}

// hideURLs masks in every URL of a text what can be a secret: the user info, the
// values of the query, the fragment, and the path too where path says so.
func hideURLs(s string, path bool) (string, Grade) {
	var b strings.Builder
	g := Harmless
	for {
		start, end := urlIn(s)
		if start < 0 {
			return b.String() + s, g
		}
		shown, more := hideURL(s[start:end], path)
		b.WriteString(s[:start] + shown)
		s, g = s[end:], max(g, more)
	}
}

func hideURL(u string, path bool) (string, Grade) {
	g := Harmless
	scheme, rest, _ := strings.Cut(u, "://")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	authority, rest := rest[:end], rest[end:]
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		user, more := hideUser(authority[:i])
		authority, g = user+authority[i:], max(g, more)
	}
	rest, fragment, hasFragment := strings.Cut(rest, "#")
	rest, query, hasQuery := strings.Cut(rest, "?")
	if path && rest != "" && rest != "/" {
		rest, g = "/"+Masked, max(g, MayBeSecret)
	}
	out := scheme + "://" + authority + rest
	if hasQuery {
		shown, more := hideQuery(query)
		out, g = out+"?"+shown, max(g, more)
	}
	if hasFragment && fragment != "" {
		out, g = out+"#"+Masked, max(g, MayBeSecret)
	}
	return out, g
}

func hideUser(user string) (string, Grade) {
	name, password, both := strings.Cut(user, ":")
	switch {
	case both && (reference(password) || password == ""), user == "git", user == Masked, reference(user):
		return user, Harmless
	case both:
		return Masked, IsSecret
	case hasShape(name) || random(name):
		return Masked, IsSecret
	}
	return Masked, MayBeSecret
}

func hideQuery(query string) (string, Grade) {
	g := Harmless
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, both := strings.Cut(pair, "=")
		if !both {
			name, value = "", pair
		}
		shown, more := hideText(place{name: name, named: both && SecretName(name), open: true}, value)
		if g = max(g, more); both {
			shown = name + "=" + shown
		}
		pairs[i] = shown
	}
	return strings.Join(pairs, "&"), g
}

// ShowURL is a URL as messages name it: without user info, and with no value of its
// query and no fragment.
func ShowURL(u string) string {
	shown, _ := hideURLs(u, false)
	return shown
}

// ShowName is the name of a variable as messages show it: hidden where it cannot be
// one, because then somebody has put the key itself in its place.
func ShowName(name string) string {
	if variableShape(name) {
		return name
	}
	return "(hidden)"
}

// MaskText is a text of somebody else's, such as what a program said, with all words
// masked that are secrets by their shape or by the name in front of them.
func MaskText(s string) string {
	s, _ = hideURLs(s, false)
	words := strings.Split(s, " ")
	header := false
	for i, word := range words {
		bare := strings.Trim(word, `"'()[]{}<>,;:`)
		if bare == "" {
			continue
		}
		shown := maskWord(bare)
		if header && len(bare) >= 4 {
			shown = Masked
		}
		words[i] = strings.Replace(word, bare, shown, 1)
		header = strings.EqualFold(bare, "bearer") || strings.EqualFold(bare, "basic")
	}
	return strings.Join(words, " ")
}

func maskWord(word string) string {
	if hasShape(word) || random(word) {
		return Masked
	}
	if name, value, both := strings.Cut(word, "="); both && secretName(strings.TrimLeft(name, "-"), false) && !plainWord(value) && !reference(value) {
		return name + "=" + Masked
	}
	return word
}
