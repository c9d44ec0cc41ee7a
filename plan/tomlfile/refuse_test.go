package tomlfile

import (
	"errors"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/editor"
)

func TestRefusals(t *testing.T) {
	tests := []struct {
		name, src    string
		kind         editor.Kind
		line, column int
		says         string
		damaged      bool
	}{
		{"nothing but NUL", "\x00\x00\x00", editor.Syntax, 1, 1, "nothing but NUL bytes", true},
		{"NUL behind the text", "a = 1\nb = \"é\x00\"", editor.Syntax, 2, 7, "NUL", true},
		{"UTF-16 little endian", "\xff\xfea\x00", editor.Encoding, 1, 1, "UTF-16", true},
		{"UTF-16 big endian", "\xfe\xff\x00a", editor.Encoding, 1, 1, "UTF-16", true},
		{"Latin-1", "# ok\na = \"caf\xe9\"", editor.Encoding, 2, 9, "not UTF-8", true},
		{"second mark", "a = 1\n\ufeffb = 2", editor.Syntax, 2, 1, "byte order mark", false},
		{"mark twice", "\ufeff\ufeffb = 2", editor.Syntax, 1, 1, "byte order mark", false},
		{"carriage return", "a = 1\rb = 2\r", editor.Syntax, 1, 6, "carriage return", false},
		{"path", "\ufeffa = \"C:\\Users\"", editor.Syntax, 1, 8, "single quotes", false},
		{"no value", "x = 1\na =\n", editor.Syntax, 2, 4, "value", false},
		{"open array", "a = [\n 1,\n", editor.Syntax, 2, 4, "incomplete", false},
		{"wide integer", "a = 1\nb = [9223372036854775808]", editor.Syntax, 2, 6, "64 bits", false},
		{"wide float", "b = 1e999", editor.Syntax, 1, 5, "64 bits", false},
		{"no such day", "b = 2025-02-30", editor.Syntax, 1, 5, "date", false},
		{"key twice", "a.b = 1\n'a' . \"b\" = 2", editor.Duplicate, 2, 7, "b is defined a second time; it was defined on line 1", false},
		{"header twice", "[a.c]\n[a]\n\n[ a ]", editor.Duplicate, 4, 3, "line 2", false},
		{"key in an inline table twice", "x = [{ a = 1, a = 2 }]", editor.Duplicate, 1, 15, "line 1", false},
		{"header on a value", "a = 1\n[a.b]", editor.Duplicate, 2, 2, "line 1", false},
		{"header on dotted keys", "a.b = 1\n[a]", editor.Duplicate, 2, 2, "line 1", false},
		{"dotted keys into a header", "[a.b]\n[a]\nb.c = 1", editor.Duplicate, 3, 1, "line 1", false},
		{"header on an array of tables", "[[a]]\n[a]", editor.Duplicate, 2, 2, "line 1", false},
		{"array of tables on a header", "[a]\n[[a]]", editor.Duplicate, 2, 3, "line 1", false},
		{"deep array", "a = " + strings.Repeat("[", 200) + strings.Repeat("]", 200), editor.Limit, 1, 5, "100 levels", false},
		{"deep inline table", "a = " + strings.Repeat("{a=", 200) + "1" + strings.Repeat("}", 200), editor.Limit, 1, 303, "100 levels", false},
		{"deep key", strings.Repeat("a.", 200) + "a = 1", editor.Limit, 1, 1, "100 levels", false},
		{"too large", strings.Repeat("# filling\n", 500_000), editor.Limit, 0, 0, "4 MiB", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse([]byte(tt.src))
			checkError(t, err, tt.kind, tt.line, tt.column, tt.says)
			var e *editor.Error
			if errors.As(err, &e) && e.Damaged != tt.damaged {
				t.Errorf("damaged %v, want %v", e.Damaged, tt.damaged)
			}
			if _, applied := Apply([]byte(tt.src), nil); applied == nil || applied.Error() != err.Error() {
				t.Errorf("Apply says %v, Parse %v", applied, err)
			}
		})
	}
}

func checkError(t *testing.T, err error, kind editor.Kind, line, column int, says string) {
	t.Helper()
	var e *editor.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an Error of kind %s", err, kind)
	}
	if e.Kind != kind || e.Line != line || e.Column != column || !strings.Contains(e.Error(), says) {
		t.Errorf("got %s %v, want %s %d:%d: …%s…", e.Kind, e, kind, line, column, says)
	}
}

// TestNoValueInErrors looks for the file's values in what is said about it.
func TestNoValueInErrors(t *testing.T) {
	for _, src := range []string{
		"key = \"hunter2\" hunter2", "key = 1e99999", "key = \"hunter2\nx", "key = hunter2", "key = 2025-99-99",
		"a = 1\na = \"hunter2\"", "key = 99999999999999999999", "a = \"hunter2\\q\"", "a = {b = \"hunter2\", b = \"hunter2\"}",
	} {
		_, err := Parse([]byte(src))
		if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "9999") {
			t.Errorf("%q: %v", src, err)
		}
	}
}

func TestConflicts(t *testing.T) {
	at := func(keys ...string) plan.Address { return keys }
	tests := []struct {
		name, src    string
		edit         Edit
		line, column int
		says         string
	}{
		{"value on a table", "[a.b]\nc = 1", Edit{Address: at("a"), Value: plan.Str("x")}, 1, 2, "a table"},
		{"value on an inline table", "a = {}", Edit{Address: at("a"), Value: plan.Int(1)}, 1, 1, "a table"},
		{"list on an array of tables", "x=1\n[[a]]\nb=1", Edit{Address: at("a"), Value: plan.List()}, 2, 3, "an array of tables"},
		{"below an array of tables", "[[a]]\nb=1", Edit{Address: at("a", "b"), Value: plan.Int(1)}, 1, 3, "an array of tables"},
		{"below a list", "a = [{}]", Edit{Address: at("a", "b"), Value: plan.Int(1)}, 1, 1, "a list"},
		{"below a string", "'é' = 1\na = 'x'", Edit{Address: at("a", "b", "c"), Value: plan.Int(1)}, 2, 1, "a string"},
		{"table on a string", "a = 'x'", Edit{Address: at("a"), Value: plan.Table()}, 1, 1, "a string"},
		{"removing an array of tables", "[[a]]", Edit{Address: at("a")}, 1, 3, "an array of tables"},
		{"removing below one", "[[a]]\nb=1", Edit{Address: at("a", "b")}, 1, 3, "an array of tables"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fine := Edit{Address: at("fine"), Value: plan.Bool(true)}
			r, err := Apply([]byte(tt.src), []Edit{fine, tt.edit})
			checkError(t, err, editor.Conflict, tt.line, tt.column, tt.says)
			if r.Data != nil || r.Notes != nil {
				t.Errorf("a result beside the refusal: %q", r.Data)
			}
		})
	}
}

// TestUnwritable has edits that no TOML file can hold.
func TestUnwritable(t *testing.T) {
	deep := plan.Int(1)
	for range 101 {
		deep = plan.List(deep)
	}
	for name, e := range map[string]Edit{
		"no address":       {Value: plan.Int(1)},
		"bytes in a text":  {Address: plan.Address{"a"}, Value: plan.Str("\xff")},
		"bytes in a list":  {Address: plan.Address{"a"}, Value: plan.List(plan.Str("\xff"))},
		"bytes in a key":   {Address: plan.Address{"a\xff"}, Value: plan.Int(1)},
		"bytes in a table": {Address: plan.Address{"a"}, Value: plan.Table(plan.Member{Key: "\xff", Value: plan.Int(1)})},
		"no time":          {Address: plan.Address{"a"}, Value: plan.Time("noon")},
		"number for time":  {Address: plan.Address{"a"}, Value: plan.Time("1.5")},
		"hole in a list":   {Address: plan.Address{"a"}, Value: plan.List(plan.Value{})},
		"depth":            {Address: plan.Address{"a"}, Value: deep},
	} {
		if r, err := Apply([]byte("b = 1\n"), []Edit{e}); err == nil {
			t.Errorf("%s: written as %q", name, r.Data)
		}
	}
}

func TestPlace(t *testing.T) {
	d, err := Parse([]byte("\ufeffmodel = 1\n\"ключ\" . 'b' = { x.y = [ { z = 1 } ] }\n\n[a . b.c]\n  k = 1\n[a]\n[[t]]\nu = 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]plan.Place{
		"model": {Line: 1, Column: 1}, "ключ": {Line: 2, Column: 1}, "ключ.b": {Line: 2, Column: 10}, "ключ.b.x": {Line: 2, Column: 18}, "ключ.b.x.y": {Line: 2, Column: 20},
		"a": {Line: 4, Column: 2}, "a.b": {Line: 4, Column: 6}, "a.b.c": {Line: 4, Column: 8}, "a.b.c.k": {Line: 5, Column: 3}, "t": {Line: 7, Column: 3},
	} {
		if got, ok := d.Place(strings.Split(address, ".")); !ok || got != want {
			t.Errorf("%s: got %v, %v, want %v", address, got, ok, want)
		}
	}
	for _, address := range []plan.Address{{}, {"no"}, {"a", "no"}, {"model", "no"}, {"t", "u"}, {"ключ", "b", "x", "y", "z"}} {
		if got, ok := d.Place(address); ok {
			t.Errorf("%s: got %v, want nothing", address, got)
		}
	}
}
