package plan

import "strings"

// drawn reports whether a text holds a word that looks drawn by lot, as the keys of
// vendors whose shape nobody knows do. Paths of files and URLs are looked at by others.
func drawn(s string) bool {
	if random(s) {
		return true
	}
	if len(s) < 24 || filePath(s) {
		return false
	}
	for from := 0; ; {
		start, end := urlIn(s[from:])
		if start < 0 {
			return drawnWord(s[from:])
		}
		if drawnWord(s[from : from+start]) {
			return true
		}
		from += end
	}
}

func drawnWord(s string) bool {
	before := ""
	for len(s) > 0 {
		if end := base64End(s); end >= 32 && lot(s[:end]) && !measured(before) {
			return true
		}
		end := strings.IndexFunc(s, func(r rune) bool { return r > 0x7f || !letterOrDigit(byte(r)) && r != '_' && r != '-' })
		if end < 0 {
			end = len(s)
		}
		if word := s[:end]; word != "" {
			if lot(word) && !measured(before) {
				return true
			}
			before = word
		}
		s = s[min(end+1, len(s)):]
	}
	return false
}

// base64End is where a run of base64 ends with which a text begins, 0 where there is none:
// one has a + or ends with =, or it could be a path.
func base64End(s string) int {
	end := strings.IndexFunc(s, func(r rune) bool { return r > 0x7f || !letterOrDigit(byte(r)) && !strings.ContainsRune("+/=", r) })
	if end < 0 {
		end = len(s)
	}
	if run := s[:end]; strings.Contains(run, "+") || strings.HasSuffix(run, "=") {
		return end
	}
	return 0
}

// lot reports whether one word is a long one in which letters and digits take turns as
// they do by chance: names that people give change seldom.
func lot(word string) bool {
	return takesTurns(word, 24) && !identifier(word)
}

// takesTurns reports a word, not shorter than short, in which letters and digits take turns.
func takesTurns(word string, short int) bool {
	if len(word) < short {
		return false
	}
	var digits, letters, turns int
	for i := range len(word) {
		kind := byteKind(word[i])
		switch kind {
		case 0:
			continue
		case '0':
			digits++
		default:
			letters++
		}
		if i > 0 && byteKind(word[i-1]) != 0 && byteKind(word[i-1]) != kind {
			turns++
		}
	}
	return digits >= 3 && letters >= 3 && 3*turns > digits+letters
}

func byteKind(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return '0'
	case c >= 'a' && c <= 'z':
		return 'a'
	case c >= 'A' && c <= 'Z':
		return 'A'
	}
	return 0
}

// identifier reports words that are drawn by lot and that anybody may see: those with a
// UUID in them, and those that say in front what they identify.
func identifier(word string) bool {
	for _, of := range [...]string{"connector_", "asdk_app_", "org-", "org_", "proj_", "acct_", "sha256-", "sha512-"} {
		if strings.HasPrefix(word, of) {
			return true
		}
	}
	for i := 0; i+36 <= len(word); i++ {
		if uuid(word[i : i+36]) {
			return true
		}
	}
	return false
}

func uuid(s string) bool {
	for i := range len(s) {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (s[i] == '-') || !dash && !hexadecimal(s[i:i+1]) {
			return false
		}
	}
	return true
}

// mixed reports a word that is no word of a language: letters with digits among them.
func mixed(s string) bool {
	return len(s) >= 8 && strings.ContainsAny(s, "0123456789") && strings.ContainsFunc(s, func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' })
}

// hidePairs masks in a text what stands behind the name of a secret: Pwd=value;, &sig=value,
// password = value, and password: value where that is no word of a language.
func hidePairs(s string) string {
	if !strings.ContainsAny(s, "=:") {
		return s
	}
	var b strings.Builder
	wide := strings.Contains(s, "&")
	before, last := "", "" // the two words in front
	for len(s) > 0 {
		end := strings.IndexAny(s, " \t\r\n;&,")
		if end < 0 {
			end = len(s)
		}
		word := s[:end]
		name, value, both := strings.Cut(word, "=")
		label, colon := strings.CutSuffix(last, ":")
		switch {
		case both && secretName(name, wide) && !plainWord(value) && !reference(value):
			b.WriteString(name + "=" + Masked)
		case colon && secretName(label, false) && mixed(word) && !filePath(word) && !reference(word),
			last == "=" && secretName(before, false) && !plainWord(word) && !reference(word):
			b.WriteString(Masked)
		default:
			b.WriteString(word)
		}
		if word != "" {
			before, last = last, word
		}
		b.WriteString(s[end:min(end+1, len(s))])
		s = s[min(end+1, len(s)):]
	}
	return b.String()
}
