package tomlfile

import (
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/codexform/codexform/plan"
)

// Mask is a copy of a file without the texts and numbers that a caller will not
// have in it, and without the words of its comments. What is masked keeps its type,
// its lines and its columns, so that a reader of the copy names the same places. An
// item of a list has the address of the list. A file that is not TOML is an *Error.
func Mask(src []byte, secret func(plan.Address, plan.Value) bool) ([]byte, error) {
	doc, err := Parse(src)
	if err != nil {
		return nil, err
	}
	m := masker{r: reader{text: doc.index().text}, out: []byte(doc.index().text), secret: secret}
	data := []byte(doc.index().text)
	m.r.parser.Reset(data[:len(data):len(data)])
	for m.r.parser.NextExpression() {
		m.expression(m.r.parser.Expression())
	}
	m.comments()
	if len(src) > len(m.out) { // the byte order mark
		return append(src[:len(src)-len(m.out):len(src)-len(m.out)], m.out...), nil
	}
	return m.out, nil
}

type masker struct {
	r      reader
	table  plan.Address
	out    []byte
	secret func(plan.Address, plan.Value) bool
}

func (m *masker) expression(e *unstable.Node) {
	switch e.Kind {
	case unstable.Table, unstable.ArrayTable:
		m.table = m.below(nil, e)
	case unstable.KeyValue:
		m.value(m.below(m.table, e), e.Value())
	}
}

// below is the address of a key in a table.
func (m *masker) below(table plan.Address, e *unstable.Node) plan.Address {
	m.r.key(e)
	a := table[:len(table):len(table)]
	for _, p := range m.r.segments {
		a = append(a, p.name)
	}
	return a
}

func (m *masker) value(a plan.Address, v *unstable.Node) {
	switch v.Kind {
	case unstable.Array:
		for it := v.Children(); it.Next(); {
			m.value(a, it.Node())
		}
	case unstable.InlineTable:
		for it := v.Children(); it.Next(); {
			m.value(m.below(a, it.Node()), it.Node().Value())
		}
	case unstable.String:
		if m.secret(a, plan.Str(m.r.string(v))) {
			m.text(int(v.Raw.Offset), int(v.Raw.Offset+v.Raw.Length))
		}
	case unstable.Integer:
		if n, err := m.r.value(v, 0); err == nil && m.secret(a, n) {
			m.number(int(v.Raw.Offset), int(v.Raw.Offset+v.Raw.Length))
		}
	}
}

// comments blanks the words of all comments: a # outside of strings begins one.
func (m *masker) comments() {
	for i := 0; i < len(m.out); i++ {
		switch c := m.out[i]; c {
		case '"', '\'':
			i = stringEnd(m.r.text, i) - 1
		case '#':
			for i++; i < len(m.out) && m.out[i] != '\n'; i++ {
				if m.out[i] != '\r' {
					m.out[i] = ' '
				}
			}
		}
	}
}

// stringEnd is the offset behind the string that begins at an offset.
func stringEnd(text string, start int) int {
	quote := text[start : start+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(text[start:], triple) {
		quote = triple
	}
	for i := start + len(quote); i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote[0] == '"':
			i++
		case strings.HasPrefix(text[i:], quote):
			i += len(quote)
			for len(quote) == 3 && i < len(text) && text[i] == quote[0] { // """" ends with a quote of its own
				i++
			}
			return i
		}
	}
	return len(text)
}

// text fills a string, between its quotes, with a letter.
func (m *masker) text(start, end int) {
	quote := 1
	if q := m.r.text[start:min(start+3, end)]; end-start >= 6 && (q == `"""` || q == "'''") {
		quote = 3
	}
	for i := start + quote; i < end-quote; i++ {
		if c := m.out[i]; c != '\r' && c != '\n' {
			m.out[i] = 'x'
		}
	}
}

// number fills a number with ones.
func (m *masker) number(start, end int) {
	for i := start; i < end; i++ {
		if strings.IndexByte("+-", m.out[i]) < 0 {
			m.out[i] = '1'
		}
	}
}
