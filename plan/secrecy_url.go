package plan

import "strings"

// ShowURL is a URL as messages name it: without user info, with no value of its query, no
// fragment, and no key in the place of the host or a step of the path.
func ShowURL(u string) string {
	rest := ""
	if end := brokenURL(u, true); end >= 0 && strings.TrimSpace(u[end:]) != "" {
		u, rest = u[:end], Masked
	}
	shown, _ := hideURLs(u, false)
	shown = strings.TrimSuffix(hideLogins(shown), rest) + rest
	if !hasShape(shown) && !drawn(shown) {
		return shown
	}
	steps := strings.Split(shown, "/")
	for i, step := range steps {
		if hasShape(step) || i == 0 && drawn(step) {
			steps[i] = Masked
		}
	}
	return strings.Join(steps, "/")
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
	if at := strings.LastIndexByte(rest, '@'); at > end && endsInLogin(rest[:end], rest[at+1:]) {
		end = at + 1 + len(hostOf(rest[at+1:])) // a password with a / that nobody escaped
	}
	authority, rest := rest[:end], rest[end:]
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		user, more := hideUser(authority[:i])
		authority, g = user+authority[i:], max(g, more)
	}
	if shown := hidePort(hideBehindHost(authority)); shown != authority {
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

// hideLogins masks user:password before the host of what is no whole URL: u:p@h.example,
// //u:p@h.example.
func hideLogins(s string) string {
	if !strings.Contains(s, "@") || !strings.Contains(s, ":") {
		return s
	}
	words := strings.Split(s, " ")
	for i, word := range words {
		at := strings.LastIndexByte(word, '@')
		if at < 0 || strings.Contains(word, "://") {
			continue
		}
		start := strings.LastIndexAny(word[:at], "/\"'`(<[{=") + 1
		user, password, both := strings.Cut(word[start:at], ":")
		host := word[at+1:]
		if both && user != "" && password != "" && !reference(password) && password != Masked &&
			host != "" && (host[0] == '[' || host[0]|0x20 >= 'a' && host[0]|0x20 <= 'z' && !measured(strings.FieldsFunc(host, notInName)[0])) {
			words[i] = word[:start] + Masked + word[at:]
		}
	}
	return strings.Join(words, " ")
}

func notInName(r rune) bool { return r > 0x7f || !letterOrDigit(byte(r)) }

// hideBehindHost masks what stands behind the first character that no host has, as in
// h.example;key=value.
func hideBehindHost(authority string) string {
	from := strings.LastIndexByte(authority, '@') + 1
	if i := strings.IndexAny(authority[from:], ";,=&!*'()|^$+~"); i > 0 && !strings.HasPrefix(authority[from+i:], "${") && !strings.Contains(authority[from+i:], Masked) {
		return authority[:from+i+1] + Masked
	}
	return authority
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

// endsInLogin reports that what should be a host is none, but the beginning of user and
// password, whose end is the last @.
func endsInLogin(authority, behind string) bool {
	name, port, colon := strings.Cut(authority, ":")
	switch {
	case name == "" || strings.ContainsAny(authority, "@[$"):
		return false
	case colon:
		return (port == "" || strings.Trim(port, "0123456789") != "") && hostOf(behind) != ""
	}
	host := hostOf(behind)
	return !strings.Contains(name, ".") && !strings.EqualFold(name, "localhost") && strings.Contains(host, ".") && byteKind(host[0]) > '0'
}

func hostOf(s string) string {
	if end := strings.IndexAny(s, "/?#:"); end >= 0 {
		return s[:end]
	}
	return s
}

// brokenURL is where a text stops being the URL that it begins as, at a quote, or at a blank
// where url says that nothing but a URL stands there; negative where it does not.
func brokenURL(s string, url bool) int {
	if start, end := urlIn(s); start == 0 && end < len(s) && (url || strings.IndexByte(" \t\r\n", s[end]) < 0) {
		return end
	}
	return -1
}

func urlName(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, "url") || strings.HasSuffix(name, "uri") || strings.HasSuffix(name, "endpoint")
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
		if !both || strings.Trim(value, "=") == "" && drawn(pair) {
			name, value, both = "", pair, false // the = is one of base64
		}
		shown, more := hideText(place{name: name, named: both && SecretName(name), open: true}, value)
		if g = max(g, more); both {
			shown = name + "=" + shown
		}
		pairs[i] = shown
	}
	return strings.Join(pairs, "&"), g
}
