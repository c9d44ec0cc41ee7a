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
	return len(word) >= 24 && (takesTurns(word, 24) || byChance(word)) && !identifier(word)
}

// byChance reports a word with a run that looks drawn by lot, whatever stands around it, or one
// of letters that change between small and large as in no name.
func byChance(word string) bool {
	if len(word) < 20 {
		return false
	}
	for rest := word; len(rest) >= 20; {
		end := strings.IndexAny(rest, "_-")
		if end < 0 {
			end = len(rest)
		}
		if run := rest[:end]; random(run) && turnsOf(run) >= 5 {
			return true
		}
		rest = rest[min(end+1, len(rest)):]
	}
	return 3*turnsOf(word) > len(word) && noNames(word)
}

// noNames looks at the words of WordsWrittenSo: a few of them have no vowel, and there are
// single small letters, or large ones in a row, between them.
func noNames(word string) bool {
	dumb, odd := 0, 0
	for i := 1; i < len(word); i++ {
		if byteKind(word[i-1]) != 'A' {
			continue
		}
		end := i
		for end < len(word) && byteKind(word[end]) == 'a' {
			end++
		}
		switch {
		case end == i && byteKind(word[i]) == 'A' && (i < 2 || byteKind(word[i-2]) != 'A'), end == i+1:
			odd++
		}
		if end > i && !strings.ContainsAny(word[i-1:end], "aeiouyAEIOUY") {
			dumb++
		}
	}
	return dumb >= 2 && dumb+odd >= 4
}

// turnsOf counts where small letters, large ones and digits follow on each other.
func turnsOf(word string) (turns int) {
	for i := 1; i < len(word); i++ {
		if before, kind := byteKind(word[i-1]), byteKind(word[i]); kind != 0 && before != 0 && before != kind {
			turns++
		}
	}
	return turns
}

// takesTurns reports a word, not shorter than short, in which letters and digits take turns.
func takesTurns(word string, short int) bool {
	if len(word) < short {
		return false
	}
	var digits, letters int
	for i := range len(word) {
		switch byteKind(word[i]) {
		case 0:
		case '0':
			digits++
		default:
			letters++
		}
	}
	return digits >= 3 && letters >= 3 && 3*turnsOf(word) > digits+letters
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
// UUID in them, unless it is a key by the name in front of it, and those that say in front
// what they identify.
func identifier(word string) bool {
	for _, of := range [...]string{"connector_", "asdk_app_", "org-", "org_", "proj_", "acct_", "sha256-", "sha512-"} {
		if strings.HasPrefix(word, of) {
			return true
		}
	}
	for i := 0; i+36 <= len(word); i++ {
		if uuid(word[i : i+36]) {
			return !secretName(strings.TrimRight(word[:i], "_-"), true)
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

// isKey reports the bare word, behind which stands a key or the name of one.
func isKey(name string) bool { return strings.EqualFold(name, "key") }

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
		case both && (secretName(name, wide) && !plainWord(value) || isKey(name) && mixed(value)) && !reference(value):
			b.WriteString(name + "=" + Masked)
		case colon && (secretName(label, false) || isKey(label)) && mixed(word) && !filePath(word) && !reference(word),
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
