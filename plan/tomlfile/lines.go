package tomlfile

import "strings"

// lineStart is where the line of offset i begins.
func lineStart(text string, i int) int { return strings.LastIndexByte(text[:i], '\n') + 1 }

// lineEnd is the offset behind the line of offset i, its line ending included.
func lineEnd(text string, i int) int {
	if j := strings.IndexByte(text[i:], '\n'); j >= 0 {
		return i + j + 1
	}
	return len(text)
}

// lineAt is the line that begins at i, without its line ending and outer blanks.
func lineAt(text string, i int) string {
	return strings.Trim(text[i:lineEnd(text, i)], " \t\r\n")
}

// blank reports whether a text is nothing but blanks and line endings.
func blank(text string) bool { return strings.Trim(text, " \t\r\n") == "" }

func blankAt(text string, i int) bool   { return i < len(text) && lineAt(text, i) == "" }
func commentAt(text string, i int) bool { return strings.HasPrefix(lineAt(text, i), "#") }

// blankAbove reports whether the line before the one that begins at i is blank.
func blankAbove(text string, i int) bool { return i > 0 && blankAt(text, lineStart(text, i-1)) }

// indentAt is the blanks that begin the line of offset i.
func indentAt(text string, i int) string {
	line := text[lineStart(text, i):]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

// eolAt is the line ending that a line inserted at i gets: that of the line
// before, else of the line after, else the newline.
func eolAt(text string, i int) string {
	for _, line := range []string{text[:i], text[i:lineEnd(text, i)], text[:lineStart(text, i)]} {
		if strings.HasSuffix(line, "\r\n") {
			return "\r\n"
		}
		if strings.HasSuffix(line, "\n") {
			return "\n"
		}
	}
	return "\n"
}

// openEnd reports whether the last line of a text has no line ending.
func openEnd(text string) bool { return text != "" && !strings.HasSuffix(text, "\n") }

// afterEquals is where the value of a key that ends at i begins.
func afterEquals(text string, i int) int {
	i = skipBlanks(text, i)
	return skipBlanks(text, i+len("="))
}

func skipBlanks(text string, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t') {
		i++
	}
	return i
}

// chomp is a text without the line ending that it ends in.
func chomp(text string) string {
	return strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
}
