package plan

import "strings"

// ShowURL is a URL as messages name it: without user info, and with no value of its
// query and no fragment.
func ShowURL(u string) string {
	shown, _ := hideURLs(u, false)
	return shown
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
	if shown := hidePort(authority); shown != authority {
		authority, g = shown, max(g, MayBeSecret)
	}
	rest, fragment, hasFragment := strings.Cut(rest, "#")
	rest, query, hasQuery := strings.Cut(rest, "?")
	if path && rest != "" && rest != "/" {
		rest, g = "/"+Masked, max(g, MayBeSecret)
	} else if shown := hidePath(rest); shown != rest {
		rest, g = shown, max(g, MayBeSecret)
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

// hidePort masks what stands behind a host's colon and is no port: a password whose @ was
// forgotten, for example.
func hidePort(authority string) string {
	i := strings.LastIndexByte(authority, ':')
	if i < 0 || strings.IndexByte(authority[i:], ']') >= 0 {
		return authority // no port, or the last group of an IPv6 address
	}
	port := authority[i+1:]
	if strings.Trim(port, "0123456789") == "" || reference(port) || port == Masked {
		return authority
	}
	return authority[:i+1] + Masked
}

// hidePath masks those steps of a URL's path that look drawn by lot; what is
// hexadecimal there names an account or a commit.
func hidePath(path string) string {
	if len(path) <= 20 || hasShape(path) {
		return path
	}
	steps := strings.Split(path, "/")
	for i, step := range steps {
		if !hexadecimal(step) && (random(step) || lot(step)) {
			steps[i] = Masked
		}
	}
	return strings.Join(steps, "/")
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
