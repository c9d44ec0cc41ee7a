package codex

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The .env file of a Codex home, as Codex reads it: with the dotenvy library, passing
// over what that cannot read. Held against the real one by TestDotenvAcceptance.

var errDotenv = errors.New("not a line of a .env file")

// dotenvValue is what a .env file sets a variable to, and the line where it does.
type dotenvValue struct {
	text string
	line int
}

// parseDotenv is what a .env file sets. getenv is the environment before it.
func parseDotenv(data []byte, getenv func(string) string) map[string]dotenvValue {
	d := dotenv{getenv: getenv, lines: map[string]string{}, set: map[string]dotenvValue{}}
	at := 1
	for text := string(data); text != ""; {
		line, rest, whole := dotenvEntry(text)
		begins := at + strings.Count(line[:len(line)-len(strings.TrimLeftFunc(line, unicode.IsSpace))], "\n")
		at += strings.Count(text[:len(text)-len(rest)], "\n")
		text = rest
		if !whole || !utf8.ValidString(line) {
			continue
		}
		if name, value, err := d.assignment(line); err == nil && name != "" {
			d.lines[name] = value
			if !strings.HasPrefix(strings.ToUpper(name), "CODEX_") {
				d.set[name] = dotenvValue{value, begins}
			}
		}
	}
	return d.set
}

type dotenv struct {
	getenv func(string) string
	lines  map[string]string      // every line so far
	set    map[string]dotenvValue // those that count
}

// dotenvEntry cuts the next entry off: a line, or several where a quote or an escape
// is open at its end. It is not whole where the file ends before it.
func dotenvEntry(text string) (entry, rest string, whole bool) {
	state := byte('.') // '.' plain, ' ' after a blank, or the quote that is open
	escaped := false
	if strings.HasPrefix(strings.TrimLeftFunc(text, unicode.IsSpace), "#") {
		_, rest, _ = strings.Cut(text, "\n")
		return "", rest, true
	}
	for i, c := range text {
		switch {
		case escaped:
			escaped = false
		case c == '\\':
			escaped = true
			if state == ' ' {
				state = '.'
			}
		case state == '"' || state == '\'':
			if c == rune(state) {
				state = '.'
			}
		case c == '#' && state == ' ':
			_, rest, _ = strings.Cut(text[i:], "\n")
			return text[:i], rest, true
		case c == '"' || c == '\'':
			state = byte(c)
		case unicode.IsSpace(c) && c != '\n' && c != '\r' && state == '.':
			state = ' '
		default:
			state = '.'
		}
		if c == '\n' && state == '.' && !escaped {
			return strings.TrimSuffix(text[:i], "\r"), text[i+1:], true
		}
	}
	return text, "", state == '.' && !escaped
}

// assignment reads one entry; the name is "" where there is nothing on it.
func (d dotenv) assignment(line string) (name, value string, err error) {
	line = strings.TrimSpace(line)
	if line == "" || line[0] == '#' {
		return "", "", nil
	}
	if name, line, err = dotenvName(line); err != nil {
		return "", "", err
	}
	if name == "export" && !strings.HasPrefix(line, "=") {
		if name, line, err = dotenvName(line); err != nil {
			return "", "", err
		}
	}
	line, ok := strings.CutPrefix(line, "=")
	if !ok {
		return "", "", errDotenv
	}
	line = strings.TrimLeftFunc(line, unicode.IsSpace)
	if line == "" || line[0] == '#' {
		return name, "", nil
	}
	value, err = d.value(line)
	return name, value, err
}

func dotenvName(line string) (name, rest string, err error) {
	i := strings.IndexFunc(line, func(r rune) bool {
		return r != '_' && r != '.' && !(r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)))
	})
	if i < 0 {
		i = len(line)
	}
	if i == 0 || line[0] == '.' || line[0] >= '0' && line[0] <= '9' {
		return "", "", errDotenv
	}
	return line[:i], strings.TrimLeftFunc(line[i:], unicode.IsSpace), nil
}

// known is the value of a name in a value: of the environment, else of a line before.
func (d dotenv) known(name string) string {
	if v, ok := d.set[name]; ok {
		return v.text
	}
	if d.getenv != nil {
		if v := d.getenv(name); v != "" {
			return v
		}
	}
	return d.lines[name]
}

// value takes quotes, escapes and names out of a value.
func (d dotenv) value(in string) (string, error) {
	s := &dotenvScanner{dotenv: d}
	for _, c := range in {
		if s.ended && c == '#' {
			break
		}
		if !s.next(c) {
			return "", errDotenv
		}
	}
	if s.block || s.quote != 0 {
		return "", errDotenv
	}
	if s.named {
		s.substitute()
	}
	return s.out.String(), nil
}

// dotenvScanner is inside a value.
type dotenvScanner struct {
	dotenv
	out     strings.Builder
	quote   rune
	escaped bool
	ended   bool // behind a blank: only a comment may follow
	named   bool // inside $NAME
	block   bool // inside ${NAME}
	name    strings.Builder
}

// next takes a character; false is one that may not stand there.
func (s *dotenvScanner) next(c rune) bool {
	switch {
	case s.ended:
		return c == ' ' || c == '\t'
	case s.escaped:
		s.escaped = false
		return s.escape(c)
	case s.quote == '\'':
		if c == '\'' {
			s.quote = 0
			return true
		}
		s.out.WriteRune(c)
	case s.named || s.block:
		s.inName(c)
	case c == '$':
		s.named = true
	case c == '\\':
		s.escaped = true
	case s.quote == '"' && c == '"':
		s.quote = 0
	case s.quote == 0 && (c == '"' || c == '\''):
		s.quote = c
	case s.quote == 0 && (c == ' ' || c == '\t'):
		s.ended = true
	default:
		s.out.WriteRune(c)
	}
	return true
}

func (s *dotenvScanner) escape(c rune) bool {
	switch c {
	case '\\', '\'', '"', '$', ' ':
		s.out.WriteRune(c)
	case 'n':
		s.out.WriteByte('\n')
	default:
		return false
	}
	return true
}

// inName takes a character of a name. Without braces a name has letters and digits
// only; what ends it is taken as it stands, even a quote or a blank.
func (s *dotenvScanner) inName(c rune) {
	switch {
	case unicode.IsLetter(c) || unicode.IsNumber(c), s.block && c != '}':
		s.name.WriteRune(c)
	case s.block:
		s.substitute()
	case c == '{' && s.name.Len() == 0:
		s.named, s.block = false, true
	default:
		s.substitute()
		if s.named = c == '$'; !s.named {
			s.out.WriteRune(c)
		}
	}
}

func (s *dotenvScanner) substitute() {
	s.out.WriteString(s.known(s.name.String()))
	s.name.Reset()
	s.named, s.block = false, false
}
