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
	case p.named && !reference(s) && !harmlessAs(p.name, s) && !(filePath(s) && keyFile(p.name)):
		return Masked, IsSecret
	}
	if end := brokenURL(s, urlName(p.name)); end >= 0 && strings.TrimSpace(s[end:]) != "" {
		shown, g := hideText(p, s[:end])
		return strings.TrimSuffix(shown, Masked) + Masked, max(g, MayBeSecret)
	}
	shown, g := hideURLs(s, p.open)
	switch {
	case hasShape(shown):
		return Masked, IsSecret
	case p.run && (p.open || hasArguments(shown)):
		return hideCommand(shown, g)
	case p.open && random(shown) && !measured(p.name):
		return Masked, IsSecret
	case p.open && !plainWord(s) && !numeric(s) && !isURL(s), p.args && p.name == "args" && !plainWord(s):
		return Masked, max(g, MayBeSecret)
	case p.below && !reference(s) && !plainWord(s) && !numeric(s) && !filePath(s) && !measured(p.name):
		return Masked, max(g, MayBeSecret)
	case !measured(p.name) && drawn(shown):
		return Masked, max(g, MayBeSecret)
	}
	if named := hideLogins(hidePairs(shown)); named != shown {
		return named, max(g, MayBeSecret)
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
		if i > 0 && (strings.HasPrefix(w, "-") && len(w) > 1 || strings.ContainsAny(w, "=:@") || hasShape(w) || mixed(w)) {
			return true
		}
	}
	return len(words) > 1 && (strings.Contains(words[0], "=") || !strings.ContainsAny(words[0], `/\:`))
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

// ShowName is the name of a variable as messages show it: hidden where it cannot be
// one, because then somebody has put the key itself in its place.
func ShowName(name string) string {
	if variableShape(name) {
		return name
	}
	return "(hidden)"
}

// ShowText is a sentence of ours, with what was pasted into it where a name belongs: words
// in the shape of a key, or drawn by lot, are hidden, and all else stays. A path is none.
func ShowText(s string) string {
	words := strings.Split(s, " ")
	for i, word := range words {
		if bare := strings.Trim(word, `"'()[]{}<>,;:`); hasShape(bare) || drawn(bare) && (!strings.ContainsAny(bare, `/\`) || base64End(bare) > 0) {
			words[i] = strings.Replace(word, bare, "(hidden)", 1)
		}
	}
	return strings.Join(words, " ")
}

// MaskText is a text of somebody else's, such as what a program said, with all words
// masked that are secrets by their shape or by the name in front of them.
func MaskText(s string) string {
	s, _ = hideURLs(s, false)
	words := strings.Split(hideLogins(hidePairs(s)), " ")
	header := false
	for i, word := range words {
		bare := strings.Trim(word, `"'()[]{}<>,;:`)
		if bare == "" || strings.Contains(word, Masked) {
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
	if hasShape(word) || drawn(word) {
		return Masked
	}
	if name, value, both := strings.Cut(word, "="); both && secretName(strings.TrimLeft(name, "-"), false) && !plainWord(value) && !reference(value) {
		return name + "=" + Masked
	}
	return word
}
