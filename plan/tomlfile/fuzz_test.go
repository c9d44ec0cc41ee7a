package tomlfile

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/editor"
)

// FuzzParse holds our verdict and reading against go-toml's Unmarshal.
func FuzzParse(f *testing.F) {
	seed(f, func(src []byte) { f.Add(src) })
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := Parse(src)
		var e *editor.Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("%q: an error of type %T", src, err)
		}
		if e != nil && (e.Kind == editor.Limit || e.Damaged) {
			return
		}
		var m map[string]any
		other := toml.Unmarshal(bytes.TrimPrefix(src, []byte(editor.Mark)), &m)
		if (err == nil) != (other == nil) {
			t.Fatalf("%q: we say %v, go-toml %v", src, err, other)
		}
		if err == nil && !decodesTo(m, d.Root) {
			t.Fatalf("%q: we read %v, go-toml %v", src, d.Root, m)
		}
	})
}

// FuzzApply makes a random edit of a random file: it is refused with its place, or
// made exactly, found made by a second run, and taken back to the byte.
func FuzzApply(f *testing.F) {
	seed(f, func(src []byte) { f.Add(src, uint64(len(src))) })
	f.Fuzz(func(t *testing.T, src []byte, random uint64) {
		d, err := Parse(src)
		if err != nil {
			return
		}
		edits := everyEdit(d)
		exact := 0
		e := edits[random%uint64(len(edits))]
		if err := checkEdit(src, e, &exact); err != nil {
			t.Fatalf("%q: %s = %v: %v", src, e.Address, e.Value, err)
		}
	})
}

// FuzzTogether makes several random edits, in one Apply and in several, and takes
// them back.
func FuzzTogether(f *testing.F) {
	seed(f, func(src []byte) { f.Add(src, uint64(len(src))) })
	f.Fuzz(func(t *testing.T, src []byte, seed uint64) {
		d, err := Parse(src)
		if err != nil {
			return
		}
		random := rand.New(rand.NewPCG(seed, 0))
		edits := some(random, everyEdit(d))
		if err := checkTogether(src, edits); err != nil {
			t.Fatalf("%q: %v: %v", src, edits, err)
		}
		runs := deal(random, edits)
		if err := checkRuns(src, runs); err != nil {
			t.Fatalf("%q: %v: %v", src, runs, err)
		}
		if _, err := runByRun(random, src, runs); err != nil {
			t.Fatalf("%q: %v: %v", src, runs, err)
		}
	})
}

// FuzzTakeBack makes an edit with an notes from anywhere: the data are those of the
// plain edit.
func FuzzTakeBack(f *testing.F) {
	seed(f, func(src []byte) {
		for _, e := range []Edit{{Address: plan.Address{"model"}}, set("model", plan.Int(1)), set("a.b", plan.Int(1))} {
			if r, err := Apply(src, []Edit{e}); err == nil && r.Notes[0] != "" {
				f.Add(src, string(r.Notes[0]), "model", true)
				f.Add(src, string(r.Notes[0]), "a.b", false)
			}
		}
	})
	f.Fuzz(func(t *testing.T, src []byte, note, address string, away bool) {
		e := set(address, plan.Int(1))
		if away {
			e = remove(address)
		}
		want, refused := Apply(src, []Edit{e})
		e.TakeBack = plan.Note(note)
		got, err := Apply(src, []Edit{e})
		if (err == nil) != (refused == nil) {
			t.Fatalf("%q: %s: %v with %q, %v without", src, address, err, note, refused)
		}
		if err == nil && !sameData(want.Data, got.Data) {
			t.Fatalf("%q: %s: %q with %q, %q without", src, address, got.Data, note, want.Data)
		}
	})
}

// sameData reports whether two files say the same, but for empty tables: an note
// may take along what it says we made.
func sameData(a, b []byte) bool {
	x, errA := Parse(a)
	y, errB := Parse(b)
	return errA == nil && errB == nil && full(x.Root).Equal(full(y.Root))
}

// full is a table without the empty tables in it.
func full(v plan.Value) plan.Value {
	if v.Kind() != plan.KindTable {
		return v
	}
	var members []plan.Member
	for _, m := range v.Members() {
		if m.Value = full(m.Value); m.Value.Kind() != plan.KindTable || len(m.Value.Members()) > 0 {
			members = append(members, m)
		}
	}
	return plan.Table(members...)
}

// seed gives a fuzz target the corpus.
func seed(f *testing.F, add func(src []byte)) {
	f.Helper()
	for _, c := range corpusCases(f) {
		add(readFile(f, c.File))
	}
	add(nil)
}
