package plan

import (
	"slices"
	"strings"
)

// Note is what an editor wrote down about one of its edits, to take it back byte
// for byte: opaque to all but the editor, valid UTF-8, "" for an edit that changed
// nothing.
type Note string

// Secret reports whether there may be a secret in what the note keeps of the file: by its
// shape anywhere, and in a comment by the name in front of it too.
func (n Note) Secret() bool {
	if n == "" {
		return false
	}
	if text, ok := unescaped(string(n)); ok && !strings.Contains(text, "#") {
		return LooksSecret(text) // without a comment there are only shapes, and no need to take it apart
	}
	var kept Value
	if kept.UnmarshalJSON([]byte(n)) != nil {
		return LooksSecret(string(n))
	}
	return secretNote(kept)
}

// unescaped is a JSON text with its escapes undone and all else as it is; not ok where one
// is a number's.
func unescaped(text string) (string, bool) {
	if !strings.Contains(text, `\`) {
		return text, true
	}
	var b strings.Builder
	for {
		before, after, more := strings.Cut(text, `\`)
		b.WriteString(before)
		if !more {
			return b.String(), true
		}
		if after == "" || after[0] == 'u' {
			return "", false
		}
		if i := strings.IndexByte("bfnrt", after[0]); i >= 0 {
			b.WriteByte("\b\f\n\r\t"[i])
		} else {
			b.WriteByte(after[0])
		}
		text = after[1:]
	}
}

func secretNote(v Value) bool {
	if v.Kind() == KindString {
		return LooksSecret(v.Text()) || slices.ContainsFunc(strings.Split(v.Text(), "\n"), secretComment)
	}
	return slices.ContainsFunc(v.Items(), secretNote) ||
		slices.ContainsFunc(v.Members(), func(m Member) bool { return LooksSecret(m.Key) || secretNote(m.Value) })
}

// secretComment looks at what is behind the first # of a line.
func secretComment(line string) bool {
	_, comment, there := strings.Cut(line, "#")
	if !there {
		return false
	}
	words := strings.Fields(comment)
	if n := len(words); n > 1 { // pass: word
		name, colon := strings.CutSuffix(words[n-2], ":")
		if colon && secretName(name, false) && !plainWord(words[n-1]) && !reference(words[n-1]) {
			return true
		}
	}
	return MaskText(comment) != comment || outOfUse(comment)
}

// outOfUse looks for what somebody has put behind a # for a while, a line of a file or of a
// shell: a flag or a name of a secret, and what it is given, in whatever quotes. One word
// before a colon may as well begin a sentence.
func outOfUse(comment string) bool {
	words := strings.FieldsFunc(strings.ReplaceAll(comment, "=", " = "), func(r rune) bool { return strings.ContainsRune(" \t\"'`{}[](),;", r) })
	for i := 0; i+1 < len(words); i++ {
		name, colon := strings.CutSuffix(words[i], ":")
		bare, given := strings.TrimLeft(name, "-"), words[i+1]
		if given == "=" || given == ":" {
			if colon, name = colon || given == ":", name+given; i+2 == len(words) {
				continue
			}
			given = words[i+2]
		}
		means := strings.HasSuffix(name, "=") || name != bare && !strings.HasPrefix(given, "-") || colon && strings.ContainsAny(bare, "_-")
		if means && SecretName(bare) && !plainWord(given) && !reference(given) && !filePath(given) {
			return true
		}
	}
	return false
}
