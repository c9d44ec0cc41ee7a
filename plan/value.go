package plan

import "math"

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
