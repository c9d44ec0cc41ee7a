package jsonfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/editor"
)

const key = "OPENAI_API_KEY"

func set(name, value string) Edit { return Edit{Name: name, Value: value} }
func remove(name string) Edit     { return Edit{Name: name, Remove: true} }

func TestRefusals(t *testing.T) {
	tests := []struct {
		name, src    string
		kind         editor.Kind
		line, column int
		says         string
		damaged      bool
	}{
		{"empty", "", editor.Empty, 0, 0, "empty", true},
		{"blanks", " \n\t", editor.Empty, 0, 0, "empty", true},
		{"cut short", "{\n  \"a\": \"é", editor.Syntax, 2, 10, "ends in the middle", true},
		{"cut behind a comma", "{\"a\": 1,", editor.Syntax, 1, 9, "ends in the middle", true},
		{"NUL", "{}\x00", editor.Syntax, 1, 3, "NUL", true},
		{"nothing but NUL", "\x00\x00", editor.Syntax, 1, 1, "NUL", true},
		{"byte order mark", "\ufeff{}", editor.Encoding, 1, 1, "byte order mark", false},
		{"UTF-16", "\xff\xfe{\x00", editor.Encoding, 1, 1, "UTF-16", true},
		{"not UTF-8", "{\"\ufffd\": \"\xff\"}", editor.Encoding, 1, 8, "UTF-8", true},
		{"array", "[]", editor.Conflict, 1, 1, "not an object", false},
		{"string", "\n \"x\"", editor.Conflict, 2, 2, "not an object", false},
		{"comment", "{\n  // mine\n}", editor.Syntax, 2, 3, "comment", false},
		{"comma", "{\"a\": 1,\n}", editor.Syntax, 2, 1, "comma", false},
		{"two documents", "{}\n{}", editor.Syntax, 2, 1, "more data", false},
		{"bracket", "{}}", editor.Syntax, 1, 3, "more data", false},
		{"bare word", "{\"a\": hunter2}", editor.Syntax, 1, 7, "not JSON", false},
		{"single quotes", "{'a': 1}", editor.Syntax, 1, 2, "not JSON", false},
		{"the key twice", "{\"OPENAI_API_KEY\": \"x\",\n \"OPENAI\\u005fAPI_KEY\": null}", editor.Duplicate, 2, 2, "line 1", false},
		{"the key is a number", "{\"OPENAI_API_KEY\": 5}", editor.Conflict, 1, 20, "not a string", false},
		{"the key is an object", "{\"OPENAI_API_KEY\": {}}", editor.Conflict, 1, 20, "not a string", false},
		{"deep", "{\"a\": " + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "}", editor.Limit, 1, 7, "100 levels", false},
		{"very deep", "{\"a\": " + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "}", editor.Limit, 1, 10006, "100 levels", false},
		{"too large", "{" + strings.Repeat(" ", 5<<20) + "}", editor.Limit, 0, 0, "4 MiB", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse([]byte(tt.src), key)
			var e *editor.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want an Error", err)
			}
			if e.Kind != tt.kind || e.Line != tt.line || e.Column != tt.column || e.Damaged != tt.damaged || !strings.Contains(e.Error(), tt.says) {
				t.Errorf("got %s damaged=%v %v, want %s damaged=%v %d:%d: …%s…", e.Kind, e.Damaged, e, tt.kind, tt.damaged, tt.line, tt.column, tt.says)
			}
			if strings.Contains(e.Error(), "hunter2") {
				t.Errorf("the error quotes the file: %v", e)
			}
			if r, applied := Apply([]byte(tt.src), []Edit{set(key, "x")}); applied == nil || applied.Error() != err.Error() {
				t.Errorf("Apply says %q, %v, Parse %v", r.Data, applied, err)
			}
		})
	}
}

func TestParse(t *testing.T) {
	src := "{ \"x\": 1, \"X\":{\"a\":[ ]},\n\t\"x\" :2, \"é\\n\": \"ü\", \"OPENAI\\u005fAPI_KEY\":null }\n"
	members, err := Parse([]byte(src), key, "auth_mode", "é")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range members {
		text, ok := m.Text()
		got = append(got, fmt.Sprintf("%s=%s %d:%d %s %v", m.Name, m.Raw, m.Line, m.Column, text, ok))
	}
	want := []string{
		"x=1 1:8  false", "X={\"a\":[ ]} 1:15  false", "x=2 2:7  false", "é\n=\"ü\" 2:17 ü true", "OPENAI_API_KEY=null 2:44  false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestApply has what the corpus does not, each taken back too.
func TestApply(t *testing.T) {
	tests := []struct {
		name, src string
		edits     []Edit
		want      string
	}{
		{"empty object", "{}\n", []Edit{set("a", "1"), set("b", "2")}, "{\n  \"a\": \"1\",\n  \"b\": \"2\"\n}\n"},
		{"open object", "{\r\n\r\n}", []Edit{set("a", "1")}, "{\r\n  \"a\": \"1\"\r\n}"},
		{"one line, tight", `{"a":1}`, []Edit{set("b", "x")}, `{"a":1,"b":"x"}`},
		{"one line, spaced", `{"a": 1}`, []Edit{set("b", "x")}, `{"a": 1, "b": "x"}`},
		{"one line, spaced before the colon", `{ "a" : 1, "c" : 2 }`, []Edit{set("b", "x")}, `{ "a" : 1, "c" : 2, "b" : "x" }`},
		{"commas in front", "{ \"a\": 1\n, \"c\": 2\n}", []Edit{set("b", "x")}, "{ \"a\": 1\n, \"c\": 2, \"b\": \"x\"\n}"},
		{"tabs", "{\n\t\"a\": 1\n}\n", []Edit{set("b", "x")}, "{\n\t\"a\": 1,\n\t\"b\": \"x\"\n}\n"},
		{"escapes", "{}", []Edit{set("a\"b", "<é>&\u2028\x01\"\\\n")}, "{\n  \"a\\\"b\": \"<é>&\\u2028\\u0001\\\"\\\\\\n\"\n}"},
		{"brace in a string", `{"a":"}","b":"{"}`, []Edit{set("c", "x"), remove("a")}, `{"b":"{","c":"x"}`},
		{"the only member", "{ \"a\" : \"x\" }", []Edit{remove("a")}, "{}"},
		{"all members", `{"a":"x", "b":"y","c":"z"}`, []Edit{remove("b"), remove("a"), remove("c")}, "{}"},
		{"null becomes a string", `{"a":null}`, []Edit{set("a", "x")}, `{"a":"x"}`},
		{"auth_mode", `{"auth_mode" : "\u0063hatgpt"}`, []Edit{set("auth_mode", "apikey")}, `{"auth_mode" : "apikey"}`},
		{"auth_mode goes", `{"b": 1, "auth_mode" : "\u0063hatgpt", "c":2}`, []Edit{remove("auth_mode")}, `{"b": 1, "c":2}`},
		{"one goes, one comes", "{\n  \"a\": \"x\"\n}", []Edit{remove("a"), set("b", "y")}, "{\n  \"b\": \"y\"\n}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Apply([]byte(tt.src), tt.edits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(r.Data)); diff != "" {
				t.Errorf("wrong bytes (-want +got):\n%s", diff)
			}
			back, err := Apply(r.Data, taking(t, []byte(tt.src), tt.edits, r))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.src, string(back.Data)); diff != "" {
				t.Errorf("not the original bytes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewFile(t *testing.T) {
	r, err := Apply(nil, []Edit{set("auth_mode", "apikey"), set(key, "x")})
	if err != nil {
		t.Fatal(err)
	}
	if want := "{\n  \"auth_mode\": \"apikey\",\n  \"OPENAI_API_KEY\": \"x\"\n}\n"; string(r.Data) != want {
		t.Errorf("got %q, want %q", r.Data, want)
	}
	if r, err := Apply(nil, []Edit{remove(key)}); err != nil || r.Data != nil || len(r.Notes) != 1 || r.Notes[0] != "" {
		t.Errorf("nothing to remove from no file: got %q, %v, %v", r.Data, r.Notes, err)
	}
}

// TestNoChange has edits that change nothing.
func TestNoChange(t *testing.T) {
	src := "{\"a\" : \"\\u0078\",\r\n\"b\":1e2}"
	r, err := Apply([]byte(src), []Edit{set("a", "x"), remove("c")})
	if err != nil || string(r.Data) != src || r.Notes[0] != "" || r.Notes[1] != "" {
		t.Errorf("got %q, %q, %v", r.Data, r.Notes, err)
	}
}

// TestTakeBackAfterChanges takes edits back from a file in which something else was
// changed meanwhile.
func TestTakeBackAfterChanges(t *testing.T) {
	tests := []struct {
		name, src string
		edits     []Edit
		old, new  string
		want      string
	}{
		{"a member behind ours", `{"a":1}`, []Edit{set("b", "x")}, `"x"`, `"x","mine":2`, `{"a":1,"mine":2}`},
		{"a member beside ours in what was empty", `{ }`, []Edit{set("b", "x")}, "\"x\"", "\"x\",\n  \"mine\": 2", "{\n  \"mine\": 2\n}"},
		{"another value", `{"a":null, "b":1}`, []Edit{set("a", "x")}, `"x"`, `"y"`, `{"a":null, "b":1}`},
		{"our member is gone", `{"a":null, "b":1}`, []Edit{set("a", "x")}, `"a":"x", `, ``, `{"b":1}`},
		{"a removed member, neighbours there", `{"a":1,  "auth_mode" : "x","b":2}`, []Edit{remove("auth_mode")}, "1", "3", `{"a":3,  "auth_mode" : "x","b":2}`},
		{"a removed member, neighbour gone", `{"a":1,  "auth_mode" : "x","b":2}`, []Edit{remove("auth_mode")}, `"a":1,`, ``, `{"b":2,"auth_mode":"x"}`},
		{"a removed member that is there again", `{"a":1,"auth_mode" : "x"}`, []Edit{remove("auth_mode")}, `1`, `1, "auth_mode":"y"`, `{"a":1, "auth_mode":"x"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Apply([]byte(tt.src), tt.edits)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(r.Data), tt.old) {
				t.Fatalf("no %q in %q", tt.old, r.Data)
			}
			changed := strings.Replace(string(r.Data), tt.old, tt.new, 1)
			back, err := Apply([]byte(changed), taking(t, []byte(tt.src), tt.edits, r))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(back.Data)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestTakeBackHoldsNoSecret looks into the notes of all kinds of edits.
func TestTakeBackHoldsNoSecret(t *testing.T) {
	src := `{"a":"hunter-a","OPENAI_API_KEY" : "hunter-old","auth_mode":"chatgpt", "tokens":{"id_token":"hunter-id"}}`
	for _, edits := range [][]Edit{
		{set(key, "hunter-new"), set("auth_mode", "apikey")},
		{remove(key), remove("auth_mode"), remove("a")},
		{set("a", "hunter-b"), set("new", "hunter-c")},
	} {
		r, err := Apply([]byte(src), edits)
		if err != nil {
			t.Fatal(err)
		}
		for i, note := range r.Notes {
			if note == "" || !json.Valid([]byte(note)) || strings.Contains(string(note), "hunter") {
				t.Errorf("%s: %s", edits[i].Name, note)
			}
		}
	}
}

// TestTakeBackForged gives Apply notes that are none, or someone else's.
func TestTakeBackForged(t *testing.T) {
	src := []byte(`{"a":"x","b":1}`)
	for _, note := range []plan.Note{
		"x", "[]", "{}", `{"old":"]"}`, `{"gap":"]"}`, `{"hole":{"Prev":"a","Next":"b","Before":"]","Left":","}}`, `{"hole":{"Prev":"a","Next":"b","Before":",\"z\":1,\"c\":","After":",","Left":","}}`,
		`{"hole":{"Prev":"a","Next":"b","Before":",\"z\":","After":",","Left":","}}`, `{"new":true,"gap":"/*"}`,
	} {
		for _, e := range []Edit{set("a", "y"), set("c", "y"), remove("a"), remove("c")} {
			want, err := Apply(src, []Edit{e})
			if err != nil {
				t.Fatal(err)
			}
			e.TakeBack = note
			if got, err := Apply(src, []Edit{e}); err != nil || string(got.Data) != string(want.Data) {
				t.Errorf("%+v: got %s, %v, want %s", e, got.Data, err, want.Data)
			}
		}
	}
}

// TestInOrder has two edits of one member: the last one holds.
func TestInOrder(t *testing.T) {
	r, err := Apply([]byte(`{"b":1}`), []Edit{set("a", "x"), remove("a"), set("a", "y")})
	if err != nil || string(r.Data) != `{"b":1,"a":"y"}` {
		t.Errorf("got %s, %v", r.Data, err)
	}
	if r, err := Apply([]byte(`{}`), []Edit{set("a", "\xff")}); err == nil {
		t.Errorf("bytes that are no UTF-8 were written: %q", r.Data)
	}
}

// TestTakeBackOfSeveralRuns takes back what two runs did, together and one after the
// other, in either order: the old bytes return.
func TestTakeBackOfSeveralRuns(t *testing.T) {
	for _, src := range []string{
		"{}", "{\n}", "{ }\n", `{"a":1}`, "{\n  \"a\": 1\n}\n", `{"a":1,"OPENAI_API_KEY":null}`, "{\n \"auth_mode\" : null,\n\n \"x\": 2 }",
	} {
		for _, names := range [][]string{{"OPENAI_API_KEY", "auth_mode"}, {"auth_mode", "OPENAI_API_KEY"}} {
			data, notes, taking := []byte(src), []plan.Note{}, []Edit{}
			for _, name := range names {
				r, err := Apply(data, []Edit{{Name: name, Value: "x"}}, notes...)
				if err != nil {
					t.Fatal(err)
				}
				data, notes = r.Data, append(notes, r.Notes[0])
				taking = append(taking, Edit{Name: name, Remove: true, TakeBack: r.Notes[0]})
			}
			for range 2 {
				for step, runs := range [][][]Edit{{taking}, {taking[:1], taking[1:]}} {
					back := data
					for _, edits := range runs {
						r, err := Apply(back, edits, notes...)
						if err != nil {
							t.Fatal(err)
						}
						back = r.Data
					}
					if string(back) != src {
						t.Errorf("%q, %s taken back first (%d): got %q", src, taking[0].Name, step, back)
					}
				}
				slices.Reverse(taking)
			}
		}
	}
}
