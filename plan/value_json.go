package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

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
