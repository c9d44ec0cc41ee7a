package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Kind says what a Value holds.
type Kind uint8

// The kinds of a Value. Absent is the kind of the zero Value.
const (
	Absent Kind = iota
	KindString
	KindBool
	KindInt
	KindFloat
	KindTime
	KindList
	KindTable
)

// String is the kind as messages name it.
func (k Kind) String() string {
	return [...]string{"absent", "a string", "a boolean", "an integer", "a float", "a date or time", "a list", "a table"}[k]
}

// Value is what a setting is set to, decoded: two spellings of one value are the
// same Value. The zero Value is absent. Values are immutable; compare them with Equal.
type Value struct {
	kind Kind
	num  int64  // integer; 1 for true; the bits of a float
	text string // string; time, as TOML prints it
	many *many  // a list's items, a table's members; nil for none
}

// Member is one key of a table value.
type Member struct {
	Key   string
	Value Value
}

// String is what fmt prints: the value as TOML 1.0 writes it on one line.
func (v Value) String() string { return v.TOML() }

// Str is a string value. The text must be valid UTF-8.
func Str(s string) Value { return Value{kind: KindString, text: s} }

// Bool is a boolean value.
func Bool(b bool) Value {
	if b {
		return Value{kind: KindBool, num: 1}
	}
	return Value{kind: KindBool}
}

// Int is an integer value.
func Int(n int64) Value { return Value{kind: KindInt, num: n} }

// Float is a float value; nan and the infinities are values too.
func Float(f float64) Value { return Value{kind: KindFloat, num: int64(math.Float64bits(f))} }

// Time is a date, a time or both, given as TOML prints it in its canonical form.
func Time(toml string) Value { return Value{kind: KindTime, text: toml} }

// List is a list of values, in order. It keeps the slice.
func List(items ...Value) Value {
	if len(items) == 0 {
		return Value{kind: KindList}
	}
	return Value{kind: KindList, many: &many{items: items}}
}

// Table is a table value with its members in the order in which they are to be
// written; order does not count for Equal. It keeps the slice.
func Table(members ...Member) Value {
	if len(members) == 0 {
		return Value{kind: KindTable}
	}
	return Value{kind: KindTable, many: &many{members: members}}
}

// Kind says what v holds.
func (v Value) Kind() Kind { return v.kind }

// IsAbsent reports whether there is no value.
func (v Value) IsAbsent() bool { return v.kind == Absent }

// Text is the text of a string or of a time, else "".
func (v Value) Text() string { return v.text }

// Int64 is the number of an integer value, else 0.
func (v Value) Int64() int64 {
	if v.kind != KindInt {
		return 0
	}
	return v.num
}

// Float64 is the number of a float value, else 0.
func (v Value) Float64() float64 {
	if v.kind != KindFloat {
		return 0
	}
	return math.Float64frombits(uint64(v.num))
}

// True reports whether v is the boolean true.
func (v Value) True() bool { return v.kind == KindBool && v.num == 1 }

// Items are the items of a list, nil for anything else. Do not change them.
func (v Value) Items() []Value {
	if v.many == nil {
		return nil
	}
	return v.many.items
}

// Members are the members of a table, nil for anything else. Do not change them.
func (v Value) Members() []Member {
	if v.many == nil {
		return nil
	}
	return v.many.members
}

// Get is the member called key of a table value, absent when there is none.
func (v Value) Get(key string) Value {
	if v.many == nil {
		return Value{}
	}
	if i, ok := v.many.find(key); ok {
		return v.many.members[i].Value
	}
	return Value{}
}

// Equal reports whether v and w are the same value: the same kind with the same
// content. An integer never equals a float; nan equals nan; the order of a table's
// members does not count.
func (v Value) Equal(w Value) bool {
	if v.kind != w.kind || v.text != w.text || len(v.Items()) != len(w.Items()) || len(v.Members()) != len(w.Members()) {
		return false
	}
	if v.kind == KindFloat {
		a, b := v.Float64(), w.Float64()
		return a == b || math.IsNaN(a) && math.IsNaN(b)
	}
	if v.num != w.num {
		return false
	}
	for i, item := range v.Items() {
		if !item.Equal(w.Items()[i]) {
			return false
		}
	}
	for _, m := range v.Members() {
		if !m.Value.Equal(w.Get(m.Key)) {
			return false
		}
	}
	return true
}

// TOML is v as TOML 1.0 writes it on one line: basic strings, plain decimal
// integers, inline tables. Absent is the empty text.
func (v Value) TOML() string {
	switch v.kind {
	case KindString:
		return Quote(v.text)
	case KindTime:
		return v.text
	case KindBool:
		return strconv.FormatBool(v.True())
	case KindInt:
		return strconv.FormatInt(v.num, 10)
	case KindFloat:
		return floatTOML(v.Float64())
	case KindList:
		texts := make([]string, len(v.Items()))
		for i, item := range v.Items() {
			texts[i] = item.TOML()
		}
		return "[" + strings.Join(texts, ", ") + "]"
	case KindTable:
		if len(v.Members()) == 0 {
			return "{}"
		}
		texts := make([]string, len(v.Members()))
		for i, m := range v.Members() {
			texts[i] = Address{m.Key}.String() + " = " + m.Value.TOML()
		}
		return "{ " + strings.Join(texts, ", ") + " }"
	}
	return ""
}

func floatTOML(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if strings.ContainsAny(s, ".e") {
		return s
	}
	return s + ".0"
}

// Quote is s as a TOML basic string: every control character, quote and
// backslash is escaped, everything else stands as it is.
func Quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// MarshalJSON encodes v for plans and the ledger: strings, booleans, integers,
// lists and tables as themselves, absent as null. What JSON cannot hold without
// loss is an object with one member: {"$float":"0.5"}, {"$time":"1979-05-27"}.
func (v Value) MarshalJSON() ([]byte, error) { return v.appendJSON(nil) }

func (v Value) appendJSON(to []byte) ([]byte, error) {
	switch v.kind {
	case KindString:
		return appendText(to, v.text)
	case KindBool:
		return strconv.AppendBool(to, v.True()), nil
	case KindInt:
		return strconv.AppendInt(to, v.num, 10), nil
	case KindFloat:
		return Table(Member{"$float", Str(floatTOML(v.Float64()))}).appendJSON(to)
	case KindTime:
		return Table(Member{"$time", Str(v.text)}).appendJSON(to)
	case KindList:
		return v.appendItems(append(to, '['))
	case KindTable:
		return v.appendMembers(append(to, '{'))
	}
	return append(to, "null"...), nil
}

func (v Value) appendItems(to []byte) ([]byte, error) {
	for i, item := range v.Items() {
		if i > 0 {
			to = append(to, ',')
		}
		var err error
		if to, err = item.appendJSON(to); err != nil {
			return nil, err
		}
	}
	return append(to, ']'), nil
}

func (v Value) appendMembers(to []byte) ([]byte, error) {
	for i, m := range v.Members() {
		if i > 0 {
			to = append(to, ',')
		}
		var err error
		if to, err = appendText(to, m.Key); err != nil {
			return nil, err
		}
		if to, err = m.Value.appendJSON(append(to, ':')); err != nil {
			return nil, err
		}
	}
	return append(to, '}'), nil
}

// appendText adds a text; encoding/json, which knows all about escapes, is asked
// where there could be one.
func appendText(to []byte, s string) ([]byte, error) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			text, err := marshalJSON(s)
			return append(to, text...), err
		}
	}
	return append(append(append(to, '"'), s...), '"'), nil
}

func marshalJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// UnmarshalJSON is the inverse of MarshalJSON. A number that is no 64-bit
// integer is an error.
func (v *Value) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	got, err := decodeValue(d)
	if err != nil {
		return err
	}
	*v = got
	return nil
}

func decodeValue(d *json.Decoder) (Value, error) {
	tok, err := d.Token()
	if err != nil {
		return Value{}, err
	}
	switch t := tok.(type) {
	case nil:
		return Value{}, nil
	case string:
		return Str(t), nil
	case bool:
		return Bool(t), nil
	case json.Number:
		n, err := strconv.ParseInt(t.String(), 10, 64)
		if err != nil {
			return Value{}, fmt.Errorf("not a 64-bit integer: %s", t)
		}
		return Int(n), nil
	case json.Delim:
		if t == '[' {
			return decodeList(d)
		}
		return decodeTable(d)
	}
	return Value{}, fmt.Errorf("unexpected %v", tok)
}

func decodeList(d *json.Decoder) (Value, error) {
	var items []Value
	for d.More() {
		item, err := decodeValue(d)
		if err != nil {
			return Value{}, err
		}
		items = append(items, item)
	}
	_, err := d.Token()
	return List(items...), err
}

func decodeTable(d *json.Decoder) (Value, error) {
	var members []Member
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return Value{}, err
		}
		val, err := decodeValue(d)
		if err != nil {
			return Value{}, err
		}
		members = append(members, Member{Key: key.(string), Value: val})
	}
	if _, err := d.Token(); err != nil {
		return Value{}, err
	}
	if len(members) == 1 && members[0].Value.kind == KindString {
		text := members[0].Value.text
		switch members[0].Key {
		case "$time":
			return Time(text), nil
		case "$float":
			f, err := strconv.ParseFloat(text, 64)
			return Float(f), err
		}
	}
	return Table(members...), nil
}
