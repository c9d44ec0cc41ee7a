package jsonfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/codexform/codexform/plan/editor"
)

// FuzzParse holds our verdict against the standard library's and what we know of
// Codex: an object in UTF-8, the managed member once and a string or null.
func FuzzParse(f *testing.F) {
	seed(f, func(src []byte) { f.Add(src) })
	f.Fuzz(func(t *testing.T, src []byte) {
		members, err := Parse(src, key)
		var e *editor.Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("%q: an error of type %T", src, err)
		}
		fine := json.Valid(src) && utf8.Valid(src) && bytes.TrimLeft(src, " \t\r\n")[0] == '{'
		if err == nil && !fine || err != nil && fine && e.Kind != editor.Duplicate && e.Kind != editor.Conflict && e.Kind != editor.Limit {
			t.Fatalf("%q: %v", src, err)
		}
		var all map[string]json.RawMessage
		if err != nil || json.Unmarshal(src, &all) != nil {
			return
		}
		for i, m := range members {
			if last(members, m.Name) == i && !bytes.Equal(all[m.Name], m.Raw) {
				t.Fatalf("%q: %s is %s, not %s", src, m.Name, all[m.Name], m.Raw)
			}
		}
	})
}

func last(members []Member, name string) int {
	for i := len(members) - 1; i >= 0; i-- {
		if members[i].Name == name {
			return i
		}
	}
	return -1
}

// FuzzApply makes random edits of a random file: they are refused, or made exactly,
// found made by a second run, and taken back to the byte.
func FuzzApply(f *testing.F) {
	seed(f, func(src []byte) {
		f.Add(src, key, "sk-placeholder", false, "auth_mode", "apikey", true)
		f.Add(src, "note", "x\"y", true, key, "", false)
	})
	f.Fuzz(func(t *testing.T, src []byte, nameA, valueA string, removeA bool, nameB, valueB string, removeB bool) {
		if src == nil || nameA == nameB {
			return
		}
		for _, text := range []string{nameA, nameB, valueA, valueB} {
			if !utf8.ValidString(text) {
				return
			}
		}
		edits := []Edit{{Name: nameA, Value: valueA, Remove: removeA}, {Name: nameB, Value: valueB, Remove: removeB}}
		done, err := Apply(src, edits)
		if e := (*editor.Error)(nil); err != nil && !errors.As(err, &e) {
			t.Fatalf("%q: %v", src, err)
		}
		if err != nil {
			return
		}
		checkMembers(t, src, done.Data, edits)
		again, err := Apply(done.Data, edits)
		if err != nil || !bytes.Equal(again.Data, done.Data) || again.Notes[0]+again.Notes[1] != "" {
			t.Fatalf("%q: a second run makes %q of %q (%v)", src, again.Data, done.Data, err)
		}
		back, err := Apply(done.Data, taking(t, src, edits, done))
		if err != nil || !respelt(src, back.Data, edits) {
			t.Fatalf("%q: taken back from %q to %q (%v)", src, done.Data, back.Data, err)
		}
	})
}

func checkMembers(t *testing.T, before, after []byte, edits []Edit) {
	t.Helper()
	var want, got map[string]json.RawMessage
	if json.Unmarshal(before, &want) != nil || json.Unmarshal(after, &got) != nil {
		t.Fatalf("%q: not JSON", after)
	}
	for _, e := range edits {
		var text *string
		switch raw, ok := got[e.Name]; {
		case e.Remove && ok:
			t.Fatalf("%q: %s is still there", after, e.Name)
		case !e.Remove && (json.Unmarshal(raw, &text) != nil || text == nil || *text != e.Value):
			t.Fatalf("%q: %s is not %q", after, e.Name, e.Value)
		}
		delete(want, e.Name)
		delete(got, e.Name)
	}
	if len(want) != len(got) {
		t.Fatalf("%q: other members than in %q", after, before)
	}
	for name := range want {
		if !bytes.Equal(want[name], got[name]) {
			t.Fatalf("%q: %s changed", after, name)
		}
	}
}

// respelt reports whether two files are the same bytes, but for the spelling of
// strings that the edits took away: those are no text that an note may hold.
func respelt(a, b []byte, edits []Edit) bool {
	if bytes.Equal(a, b) {
		return true
	}
	x, errA := read(a)
	y, errB := read(b)
	if errA != nil || errB != nil || len(x.members) != len(y.members) {
		return false
	}
	var nameless [2][]byte
	for i, o := range []*object{x, y} {
		at := 0
		for _, m := range o.members {
			if m.name == edits[0].Name || m.name == edits[1].Name {
				nameless[i] = append(nameless[i], o.text[at:m.val]...)
				at = m.end
			}
		}
		nameless[i] = append(nameless[i], o.text[at:]...)
	}
	return bytes.Equal(nameless[0], nameless[1])
}

// seed gives a fuzz target the corpus.
func seed(f *testing.F, add func(src []byte)) {
	f.Helper()
	for _, c := range corpusCases(f) {
		add(readFile(f, c.File))
	}
	add([]byte("{}"))
}
