package sources

import (
	"cmp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/codexform/codexform/plan"
)

// syntaxErrors are the library's words for what people get wrong, and ours. The
// library's are not passed on, because some of them quote the text.
var syntaxErrors = []struct {
	theirs       string
	message, fix string
	place        place
	mark         string // the column is that of the first of these on the line
}{
	{"mapping values are not allowed", "a key where none can be", `check the indentation, and quote a value that holds ": "`, asSaid, ""},
	{"block sequence entries are not allowed", "a list item where none can be", "begin the list on a line of its own", asSaid, ""},
	{"could not find expected ':'", "a line that is not a key", "write key: value, with a blank behind the colon", asSaid, ""},
	{"did not find expected key", "this does not fit what stands before it", "check the indentation and the quotes", afterGood, ""},
	{"did not find expected '-' indicator", "this does not fit the list before it", "check the indentation", afterGood, ""},
	{"did not find expected node content", "brackets or commas that do not fit", "", afterGood, ""},
	{"did not find expected ',' or ']'", "a [ that is not closed", `close it, and quote a text that holds ": "`, opener, "["},
	{"did not find expected ',' or '}'", "a { that is not closed", `close it, and quote a text that holds ": "`, opener, "{"},
	{"found unexpected end of stream", "a quote that is not closed", "", quote, `"'`},
	{"found unexpected document indicator", "a quote that is not closed", "", quote, `"'`},
	{"found character that cannot start any token", "a character that cannot begin a value", "quote the value", asSaid, "@`%!&*|>"},
	{"tab character", "a tab", "indent with blanks", asSaid, ""},
	{"found unknown escape character", "an unknown escape", "use single quotes, or write the backslash twice", asSaid, `\`},
	{"did not find expected hexdecimal number", "an escape without its digits", "use single quotes, or write the backslash twice", asSaid, `\`},
	{"found invalid Unicode character escape code", "an escape of a character that does not exist", "", asSaid, `\`},
	{"did not find expected <document start>", "a second document", "put each into a file of its own", afterGood, ""},
	{"did not find expected alphabetic or numeric", "an anchor (&) or an alias (*)", "write the value out, or quote the text", asSaid, "&*"},
	{"did not find the expected '>'", "a tag (!)", "leave it out, or quote the text", asSaid, "!"},
	{"did not find expected '!'", "a tag (!)", "leave it out, or quote the text", asSaid, "!"},
	{"tag URI", "a tag (!)", "leave it out, or quote the text", asSaid, "!"},
	{"undefined tag handle", "a tag (!)", "leave it out, or quote the text", asSaid, "!"},
	{"directive", "a directive (%)", "remove it", asSaid, ""},
}

// place says how to find the line of an error.
type place uint8

const (
	asSaid    place = iota // the library's line
	quote                  // the library's line, unless it opens on the first one, which it takes for none
	opener                 // the same, counted from 0
	afterGood              // the library names the start of the block: look for the line
)

// syntax reports an error of the library.
func (p *parser) syntax(text, theirs string) {
	line := 1
	if rest, ok := strings.CutPrefix(theirs, "line "); ok {
		number, what, _ := strings.Cut(rest, ": ")
		line, _ = strconv.Atoi(number)
		theirs = what
	}
	if name, ok := strings.CutPrefix(theirs, "unknown anchor '"); ok {
		p.at(p.find("*"+strings.TrimSuffix(name, "' referenced")), "an alias (*)", "write the value out")
		return
	}
	for _, e := range syntaxErrors {
		if !strings.Contains(theirs, e.theirs) {
			continue
		}
		switch {
		case e.place == afterGood:
			line = p.lastGood(text) + 1
		case e.place != asSaid && !parses(p.lines[0]):
			line = 1
		case e.place == opener:
			line++
		}
		if at, ok := p.tab(line); ok {
			p.at(at, "a tab at the beginning of a line", "indent with blanks")
			return
		}
		p.at(p.marked(line, e.mark), p.meant(line, e.message), cmp.Or(p.fix(line), e.fix))
		return
	}
	p.at(p.marked(line, ""), "not valid YAML", "")
}

// meant is what a line is that is no YAML at all.
func (p *parser) meant(line int, message string) string {
	switch text := p.text(line); {
	case template(text) != "":
		return "a template that nobody has filled in: " + template(text)
	case fromTOML(text) != "":
		return "a line of TOML"
	case message == "a quote that is not closed" && strings.ContainsAny(text, "“”‘’«»"):
		return "a quote that only a typographic one seems to close"
	}
	return message
}

// fix is what to do about such a line, "" for another one.
func (p *parser) fix(line int) string {
	if template(p.text(line)) != "" {
		return "render the file first, or write the value"
	}
	for _, sign := range []string{"//", ";", "--", "/*"} {
		if strings.HasPrefix(strings.TrimSpace(p.text(line)), sign) {
			return "a comment begins with #"
		}
	}
	return fromTOML(p.text(line))
}

// text is a line, the first or the last one for a number beyond.
func (p *parser) text(line int) string { return p.lines[min(max(line, 1), len(p.lines))-1] }

// lastGood is the last line before an error with which the text is still YAML.
func (p *parser) lastGood(text string) int {
	const most = 20 // each try reads the file again
	last := min(linesRead(text), len(p.lines))
	for line := last - 1; line > 0 && line > last-most; line-- {
		if parses(strings.Join(p.lines[:line], "\n") + "\n") {
			return line
		}
	}
	return max(last-most, 0)
}

// tab finds a tab in the indentation of a line or of the one after it, where the
// library stumbles over it.
func (p *parser) tab(line int) (plan.Origin, bool) {
	for l := max(line, 1); l <= min(line+1, len(p.lines)); l++ {
		text := p.lines[l-1]
		indent := text[:len(text)-len(strings.TrimLeft(text, " \t"))]
		if i := strings.IndexByte(indent, '\t'); i >= 0 {
			return p.origin(l, i+1), true
		}
	}
	return plan.Origin{}, false
}

// marked is the first of some characters on a line, else its first visible one.
func (p *parser) marked(line int, marks string) plan.Origin {
	line = min(max(line, 1), len(p.lines))
	text := p.lines[line-1]
	i := strings.IndexAny(text, marks)
	if i < 0 {
		i = len(text) - len(strings.TrimLeft(text, " \t"))
	}
	return p.origin(line, 1+utf8.RuneCountInString(text[:i]))
}

// find is the first place of a text.
func (p *parser) find(s string) plan.Origin {
	for i, line := range p.lines {
		if before, _, ok := strings.Cut(line, s); ok {
			return p.origin(i+1, 1+utf8.RuneCountInString(before))
		}
	}
	return p.origin(1, 1)
}

// directives refuses lines that would tell the reader of the file how to read it.
func (p *parser) directives() {
	for i, line := range p.lines {
		if strings.HasPrefix(line, "%") {
			p.at(p.origin(i+1, 1), "a directive (%)", "remove it")
		}
	}
}
