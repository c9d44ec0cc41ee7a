package tomlfile

import (
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/codexform/codexform/plan"
)

// Without says what a copy of a file goes without.
type Without struct {
	// Value reports a text or number. An item of a list has the address of the list,
	// and comes with its texts.
	Value func(a plan.Address, v, list plan.Value) bool
	// Key reports a name of a key, nil for none.
	Key func(string) bool
}

// Mask is a copy of a file without the texts, numbers and names of keys that a caller will
// not have in it, and without the words of its comments. What is masked keeps its type,
// its lines and its columns, so that a reader of the copy names the same places. Keys that
// differ still do, and a text that is the name of such a key stays equal to it. A file that
// is not TOML is an *Error.
func Mask(src []byte, without Without) ([]byte, error) {
	doc, err := Parse(src)
	if err != nil {
		return nil, err
	}
	m := masker{r: reader{text: doc.index().text}, out: []byte(doc.index().text), without: without, keys: map[string]int{}}
	if without.Key != nil {
		m.number(doc.Root)
	}
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
	r       reader
	table   plan.Address
	out     []byte
	without Without
	keys    map[string]int // the number of each name that is masked
}

// number gives the names of keys that are masked numbers.
func (m *masker) number(v plan.Value) {
	for _, item := range v.Items() {
		m.number(item)
	}
	for _, member := range v.Members() {
		if _, seen := m.keys[member.Key]; !seen && m.without.Key(member.Key) {
			m.keys[member.Key] = len(m.keys) + 1
		}
		m.number(member.Value)
	}
}

func (m *masker) expression(e *unstable.Node) {
	switch e.Kind {
	case unstable.Table, unstable.ArrayTable:
		m.table = m.below(nil, e)
	case unstable.KeyValue:
		m.value(m.below(m.table, e), e.Value(), plan.Value{})
	}
}

// below is the address of a key in a table.
func (m *masker) below(table plan.Address, e *unstable.Node) plan.Address {
	m.r.key(e)
	a := table[:len(table):len(table)]
	for _, p := range m.r.segments {
		a = append(a, p.name)
		if n, masked := m.keys[p.name]; masked {
			m.text(p.start, p.end, n)
		}
	}
	return a
}

func (m *masker) value(a plan.Address, v *unstable.Node, list plan.Value) {
	start, end := int(v.Raw.Offset), int(v.Raw.Offset+v.Raw.Length)
	switch v.Kind {
	case unstable.Array:
		var texts []plan.Value
		for it := v.Children(); it.Next(); {
			text := plan.Value{}
			if it.Node().Kind == unstable.String {
				text = plan.Str(m.r.string(it.Node()))
			}
			texts = append(texts, text)
		}
		for it := v.Children(); it.Next(); {
			m.value(a, it.Node(), plan.List(texts...))
		}
	case unstable.InlineTable:
		for it := v.Children(); it.Next(); {
			m.value(m.below(a, it.Node()), it.Node().Value(), plan.Value{})
		}
	case unstable.String:
		text := m.r.string(v)
		if n, masked := m.keys[text]; m.without.Value(a, plan.Str(text), list) || masked {
			m.text(start, end, n)
		}
	case unstable.Integer:
		if n, err := m.r.value(v, 0); err == nil && m.without.Value(a, n, list) {
			m.ones(start, end)
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

// text fills a string, between its quotes if it has some, with a letter and a number.
func (m *masker) text(start, end, number int) {
	quote := 1
	switch {
	case strings.IndexByte(`"'`, m.r.text[start]) < 0:
		quote = 0
	case end-start >= 6 && (strings.HasPrefix(m.r.text[start:], `"""`) || strings.HasPrefix(m.r.text[start:], "'''")):
		quote = 3
	}
	for i := start + quote; i < end-quote; i++ {
		if c := m.out[i]; c != '\r' && c != '\n' {
			m.out[i] = 'x'
		}
	}
	for i := end - quote - 1; number > 0 && i >= start+quote; i-- {
		m.out[i] = byte('0' + number%10)
		number /= 10
	}
}

// ones fills a number with ones.
func (m *masker) ones(start, end int) {
	for i := start; i < end; i++ {
		if strings.IndexByte("+-", m.out[i]) < 0 {
			m.out[i] = '1'
		}
	}
}
