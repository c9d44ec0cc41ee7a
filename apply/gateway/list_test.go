package gateway

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadList(t *testing.T) {
	tests := []struct {
		body   string
		listed int
		found  bool
		err    error
	}{
		{`{"data":[]}`, 0, false, nil},
		{`{"data":[{"id":"a"}]}`, 1, false, nil},
		{`{"data":[{"id":"gpt-5.4"}]}`, 1, true, nil},
		{`{"data":[{"id":"a"},{"id":"*"}]}`, 2, true, nil},
		{`{"data":[{"id":"**"},{"id":"gpt-*"}]}`, 2, false, nil},
		{`{"data":[{"id":"gpt\u002d5.4"}]}`, 1, true, nil},
		{`{"data":[{"id":"gpt-5.4 "}]}`, 1, false, nil},
		{`{"data":[{"id":"GPT-5.4"}]}`, 1, false, nil},
		{`{"data":[{"x":{"id":"gpt-5.4"},"id":"b"}]}`, 1, false, nil},
		{`{"data":[{"slug":"gpt-5.4"}]}`, 0, false, errNoList},
		{`{"models":[{"slug":"gpt-5.4"}]}`, 1, true, nil},
		{`{"models":[{"id":"gpt-5.4"}]}`, 0, false, errNoList},
		{`{"models":[{"slug":"a"}],"data":[{"id":"gpt-5.4"}]}`, 2, true, nil},
		{`{"data":null,"models":[{"slug":"gpt-5.4"}]}`, 1, true, nil},
		{`{"data":[{"id":"gpt-5.4"},null,7,"x",[],{"id":null}]}`, 1, true, nil},
		{`{"x":{"data":[{"id":"gpt-5.4"}]}}`, 0, false, errNoList},
		{`{"DATA":[{"id":"gpt-5.4"}]}`, 0, false, errNoList},
		{" \r\n\t{ \"data\" : [ { \"id\" : \"gpt-5.4\" } ] } \n", 1, true, nil},
		{"\xef\xbb\xbf{\"data\":[]}", 0, false, errNotJSON},
		{`{"data":[{"id":"gpt-5.4"}]`, 1, true, errNotJSON},
		{`{"data":[{"id":"gpt-5.4"}]}]`, 1, true, errNotJSON},
		{`{"data":[{"id":"gpt-5.4"}]}x`, 1, true, errNotJSON},
		{`{"data":[{"id":1 2}]}`, 0, false, errNotJSON},
		{`{"data":[{"id":"a" "b"}]}`, 1, false, errNotJSON},
		{`{"data":{}}`, 0, false, errNoList},
		{`[]`, 0, false, errNoList},
		{`0`, 0, false, errNoList},
		{``, 0, false, errNotJSON},
	}
	for _, tt := range tests {
		for _, body := range []io.Reader{strings.NewReader(tt.body), iotest.OneByteReader(strings.NewReader(tt.body)), iotest.DataErrReader(strings.NewReader(tt.body))} {
			got, err := readList(&limited{r: body, max: listBytes}, []string{"gpt-5.4"})
			if err != tt.err || got.listed != tt.listed || got.found["gpt-5.4"] != tt.found {
				t.Errorf("%s: got %d listed, found %v, %v; want %d, %v, %v", tt.body, got.listed, got.found["gpt-5.4"], err, tt.listed, tt.found, tt.err)
			}
		}
	}
}

// Blanks are folded outside of strings alone.
func TestFold(t *testing.T) {
	const in = "{ \n\t\"a  \\\"  \\\\\"  :  [ 1   2 ]\r\n\r\n} "
	const want = "{ \"a  \\\"  \\\\\" : [ 1 2 ]\r} "
	for _, r := range []io.Reader{strings.NewReader(in), iotest.OneByteReader(strings.NewReader(in))} {
		got, err := io.ReadAll(&limited{r: r, max: 100})
		if err != nil || string(got) != want {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
}

func TestBounded(t *testing.T) {
	broken := errors.New("broken")
	tests := []struct {
		name string
		r    io.Reader
		max  int64
		want error
	}{
		{"at the limit", strings.NewReader("12345"), 5, nil},
		{"over the limit", strings.NewReader("123456"), 5, errTooLarge},
		{"blanks over the limit", strings.NewReader("      "), 5, errTooLarge},
		{"broken", io.MultiReader(strings.NewReader("1"), iotest.ErrReader(broken)), 5, broken},
		{"longest value", strings.NewReader(`"` + strings.Repeat("x", valueBytes-2) + `"`), listBytes, nil},
		{"value too long", strings.NewReader(`"` + strings.Repeat("x", valueBytes) + `"`), listBytes, errTooLong},
		{"two long values", strings.NewReader(strings.Repeat(`"`+strings.Repeat("x", valueBytes-2)+`",`, 2)), listBytes, nil},
	}
	for _, tt := range tests {
		b := &limited{r: tt.r, max: tt.max}
		_, _ = io.Copy(io.Discard, b)
		if b.failure() != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, b.failure(), tt.want)
		}
	}
}

// FuzzReadList holds the reader to encoding/json, which keeps everything: what it
// lists is what we list, and what it refuses we refuse.
func FuzzReadList(f *testing.F) {
	for _, seed := range []string{twoModels, `{"models":[{"slug":"gpt-5.4"}]}`, `{"data":[{"id":"a","id":"b"}],"data":[]}`, `{"a":[[{}]]}`, ` {"data":[1]} `, `{"data":[{"id":"gpt-5.4"}]}x`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := readList(&limited{r: strings.NewReader(string(body)), max: listBytes}, []string{"gpt-5.4"})
		if err == errTooDeep || err == errTooLong {
			return
		}
		if valid := json.Valid(body); valid == (err == errNotJSON) && (valid || err != errNoList) {
			t.Fatalf("%q: got %v, and encoding/json says valid: %v", body, err, valid)
		}
		if err != nil {
			return
		}
		want := oracle(t, body)
		if got.listed != len(want) || got.found["gpt-5.4"] != slices.Contains(want, "gpt-5.4") {
			t.Fatalf("%q: got %d listed, %v found; want %q", body, got.listed, got.found, want)
		}
	})
}

// oracle is the ids of a list that was taken for good. Duplicate members count
// each, so the document is walked and not decoded into a map.
func oracle(t *testing.T, body []byte) []string {
	t.Helper()
	var ids []string
	for _, list := range members(t, body) {
		name := map[string]string{"data": "id", "models": "slug"}[list.key]
		var entries []json.RawMessage
		if name == "" || json.Unmarshal(list.value, &entries) != nil {
			continue
		}
		for _, entry := range entries {
			for _, m := range members(t, entry) {
				var id *string
				if m.key == name && json.Unmarshal(m.value, &id) == nil && id != nil {
					ids = append(ids, *id)
				}
			}
		}
	}
	return ids
}

type member struct {
	key   string
	value json.RawMessage
}

func members(t *testing.T, body []byte) []member {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(body)))
	if tok, err := d.Token(); err != nil || tok != json.Delim('{') {
		return nil
	}
	var out []member
	for d.More() {
		key, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		m := member{key: key.(string)}
		if err := d.Decode(&m.value); err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}
