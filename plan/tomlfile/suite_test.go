package tomlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	burnt "github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
	tomltest "github.com/toml-lang/toml-test/v2"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/editor"
)

// suite is the documents of toml-test for a version of TOML, valid or invalid.
func suite(t testing.TB, version string, valid bool) map[string][]byte {
	t.Helper()
	tests := tomltest.TestCases()
	list, err := fs.ReadFile(tests, "files-toml-"+version)
	if err != nil {
		t.Fatal(err)
	}
	docs := map[string][]byte{}
	for _, name := range strings.Fields(string(list)) {
		if !strings.HasSuffix(name, ".toml") || strings.HasPrefix(name, "valid/") != valid {
			continue
		}
		if docs[name], err = fs.ReadFile(tests, name); err != nil {
			t.Fatal(err)
		}
	}
	return docs
}

// TestSuiteVerdicts holds our reading of each document of toml-test against
// go-toml's Unmarshal, which agrees with Codex on all of them.
func TestSuiteVerdicts(t *testing.T) {
	for _, version := range []string{"1.0.0", "1.1.0"} {
		for _, valid := range []bool{true, false} {
			docs, accepted := suite(t, version, valid), 0
			for name, src := range sorted(docs) {
				d, err := Parse(src)
				var m map[string]any
				other := toml.Unmarshal(src, &m)
				if (err == nil) != (other == nil) {
					t.Errorf("%s: got %v, go-toml says %v", name, err, other)
				}
				if e := (*editor.Error)(nil); err != nil && !errors.As(err, &e) {
					t.Errorf("%s: refused with %T", name, err)
				}
				if err != nil {
					continue
				}
				accepted++
				if !decodesTo(m, d.Root) {
					t.Errorf("%s: got %v, go-toml reads %v", name, d.Root, m)
				}
			}
			t.Logf("%s valid=%v: %d of %d accepted", version, valid, accepted, len(docs))
			if valid && accepted != len(docs) || !valid && version == "1.1.0" && accepted != 0 {
				t.Errorf("%s valid=%v: %d of %d accepted", version, valid, accepted, len(docs))
			}
			if !valid && version == "1.0.0" && accepted != 9 {
				t.Errorf("%d invalid documents of 1.0 accepted, want the 9 that are valid in 1.1", accepted)
			}
		}
	}
}

// sorted goes through documents by name, so that every run of a test is the same.
func sorted(docs map[string][]byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for _, name := range slices.Sorted(maps.Keys(docs)) {
			if !yield(name, docs[name]) {
				return
			}
		}
	}
}

// documents are all valid documents that we have.
func documents(t testing.TB) map[string][]byte {
	t.Helper()
	docs := suite(t, "1.1.0", true)
	for _, c := range corpusCases(t) {
		for _, name := range []string{c.File, c.Want} {
			if c.Expect != "refuse" && name != "" {
				docs[name] = readFile(t, name)
			}
		}
	}
	return docs
}

// TestGeneratedEdits makes every single edit that a document allows: each leaf is
// set and removed, each table removed and given a key and a sub-table. Two
// decoders say whether the outcome is right.
func TestGeneratedEdits(t *testing.T) {
	made, exact := 0, 0
	for name, src := range sorted(documents(t)) {
		d, err := Parse(src)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r, err := Apply(src, nil); err != nil || !bytes.Equal(r.Data, src) {
			t.Errorf("%s: no edit, yet %v and %q", name, err, r.Data)
		}
		for _, e := range everyEdit(d) {
			made++
			if err := checkEdit(src, e, &exact); err != nil {
				t.Errorf("%s: %s = %v: %v", name, e.Address, e.Value, err)
			}
		}
	}
	t.Logf("%d edits, %d taken back to the same bytes", made, exact)
	if made < 10_000 || exact < made {
		t.Errorf("%d edits and %d taken back exactly, want at least 10000 and all", made, exact)
	}
}

// everyEdit is every single edit of a document.
func everyEdit(d *Document) []Edit {
	var edits []Edit
	var walk func(at plan.Address, v plan.Value)
	walk = func(at plan.Address, v plan.Value) {
		if v.Kind() != plan.KindTable {
			if n, _ := d.index().find(at); n.shape != tables {
				edits = append(edits, Edit{Address: at},
					Edit{Address: at, Value: plan.Str("changed")},
					Edit{Address: at, Value: plan.Str("a \"quote\", it's \\ \x01\n\u00e9")},
					Edit{Address: at, Value: plan.Int(math.MinInt64 + 1)})
			}
			return
		}
		edits = append(edits,
			Edit{Address: child(at, "new key"), Value: plan.Int(7)},
			Edit{Address: child(at, "new.key"), Value: plan.Str("")},
			Edit{Address: child(child(at, "new-table"), "key"), Value: plan.Bool(true)})
		if len(at) > 0 {
			edits = append(edits, Edit{Address: at})
		}
		for _, m := range v.Members() {
			walk(child(at, m.Key), m.Value)
		}
	}
	walk(nil, d.Root)
	return edits
}

func checkEdit(src []byte, e Edit, exact *int) error {
	done, err := Apply(src, []Edit{e})
	if err != nil {
		return err
	}
	for _, decode := range []func([]byte) (map[string]any, error){decodePelletier, decodeBurnt} {
		if err := checkDecoded(src, done.Data, e, decode); err != nil {
			return err
		}
	}
	again, err := Apply(done.Data, []Edit{e})
	if err != nil || !bytes.Equal(again.Data, done.Data) || again.Notes[0] != "" {
		return fmt.Errorf("a second run changes %q to %q (%v)", done.Data, again.Data, err)
	}
	if done.Notes[0] == "" {
		return fmt.Errorf("no change to take back in %q", done.Data)
	}
	if err := allTakenBack(src, []Edit{e}, done); err != nil {
		return err
	}
	*exact++
	return nil
}

func decodePelletier(src []byte) (map[string]any, error) {
	var m map[string]any
	err := toml.Unmarshal(bytes.TrimPrefix(src, []byte(editor.Mark)), &m)
	return m, err
}

func decodeBurnt(src []byte) (map[string]any, error) {
	var m map[string]any
	_, err := burnt.Decode(string(src), &m)
	return m, err
}

// checkDecoded decodes before and after with one decoder, makes the edit in the
// decoded data, and compares.
func checkDecoded(before, after []byte, e Edit, decode func([]byte) (map[string]any, error)) error {
	want, err := decode(before)
	if err != nil {
		return fmt.Errorf("before: %w", err)
	}
	got, err := decode(after)
	if err != nil {
		return fmt.Errorf("after: %w in %q", err, after)
	}
	edit(want, got, e.Address, e.Value)
	if !alike(want, got) {
		return fmt.Errorf("got %v, want %v in %q", got, want, after)
	}
	return nil
}

// edit makes an edit in decoded data. A table that got does not have may vanish
// with its last key.
func edit(want, got map[string]any, at plan.Address, v plan.Value) {
	if len(at) == 1 {
		delete(want, at[0])
		switch v.Kind() {
		case plan.KindString:
			want[at[0]] = v.Text()
		case plan.KindInt:
			want[at[0]] = v.Int64()
		case plan.KindBool:
			want[at[0]] = v.True()
		}
		return
	}
	down, ok := want[at[0]].(map[string]any)
	if !ok {
		down = map[string]any{}
		want[at[0]] = down
	}
	gotDown, there := got[at[0]].(map[string]any)
	edit(down, gotDown, at[1:], v)
	if len(down) == 0 && !there && v.IsAbsent() {
		delete(want, at[0])
	}
}

// alike is reflect.DeepEqual for which nan equals nan and times are compared by
// what they say.
func alike(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for k := range a {
			if v, ok := b[k]; !ok || !alike(a[k], v) {
				return false
			}
		}
		return true
	case float64:
		f, ok := b.(float64)
		return ok && (a == f || math.IsNaN(a) && math.IsNaN(f))
	case time.Time:
		o, ok := b.(time.Time)
		return ok && a.Format(time.RFC3339Nano) == o.Format(time.RFC3339Nano)
	}
	va, vb := reflect.ValueOf(a), reflect.ValueOf(b)
	if va.Kind() != reflect.Slice || vb.Kind() != reflect.Slice {
		return reflect.DeepEqual(a, b)
	}
	if va.Len() != vb.Len() {
		return false
	}
	for i := range va.Len() {
		if !alike(va.Index(i).Interface(), vb.Index(i).Interface()) {
			return false
		}
	}
	return true
}

// TestTogether makes several edits of a document in one Apply: the outcome is
// that of one Apply after the other, and they are taken back in one as well.
func TestTogether(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	made := 0
	for name, src := range sorted(documents(t)) {
		d, err := Parse(src)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for range 8 {
			edits := some(random, everyEdit(d))
			made += len(edits)
			if err := checkTogether(src, edits); err != nil {
				t.Errorf("%s: %v: %v\n%s", name, edits, err, src)
			}
		}
	}
	t.Logf("%d edits in company", made)
}

// some is a few edits none of which is in the way of another.
func some(random *rand.Rand, edits []Edit) []Edit {
	random.Shuffle(len(edits), func(i, j int) { edits[i], edits[j] = edits[j], edits[i] })
	var some []Edit
	for _, e := range edits {
		if len(some) == 6 {
			break
		}
		if independent(append(some[:len(some):len(some)], e)) {
			some = append(some, e)
		}
	}
	return some
}

func checkTogether(src []byte, edits []Edit) error {
	done, err := Apply(src, edits)
	if err != nil {
		return err
	}
	one := src
	for _, e := range edits {
		r, err := Apply(one, []Edit{e})
		if err != nil {
			return err
		}
		one = r.Data
	}
	if diff := cmp.Diff(string(one), string(done.Data)); diff != "" {
		return fmt.Errorf("differs (-one by one +together):\n%s", diff)
	}
	return allTakenBack(src, edits, done)
}

// TestRuns takes back what several runs did: all in one, whatever the order of the
// edits, and the bytes of the original return; run by run in any order, and the data
// return, with no empty table of ours left. The bytes mostly return then too: not
// where a removed line finds none of its neighbours.
func TestRuns(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	made, exact := 0, 0
	for name, src := range sorted(documents(t)) {
		d, err := Parse(src)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for range 4 {
			runs := deal(random, some(random, everyEdit(d)))
			if err := checkRuns(src, runs); err != nil {
				t.Errorf("%s: %v: %v\n%s", name, runs, err, src)
			}
			back, err := runByRun(random, src, runs)
			if err != nil {
				t.Errorf("%s: %v: %v\n%s", name, runs, err, src)
			}
			made++
			if bytes.Equal(back, src) {
				exact++
			}
		}
	}
	t.Logf("%d sequences of runs, %d taken back run by run in any order to the same bytes", made, exact)
	if exact*100 < made*94 {
		t.Errorf("only %d of %d taken back run by run to the same bytes", exact, made)
	}
}

// deal spreads edits over two or three runs.
func deal(random *rand.Rand, edits []Edit) [][]Edit {
	runs := make([][]Edit, 2+random.IntN(2))
	for i, e := range edits {
		runs[i%len(runs)] = append(runs[i%len(runs)], e)
	}
	return runs
}

// inOrder makes runs of edits one after the other, and gives the taking of each.
func inOrder(src []byte, runs [][]Edit) ([]byte, [][]Edit, error) {
	data := src
	var taking [][]Edit
	for _, edits := range runs {
		done, err := Apply(data, edits, notes(taking)...)
		if err != nil {
			return nil, nil, err
		}
		back, err := backwards(src, edits, done)
		if err != nil {
			return nil, nil, err
		}
		data, taking = done.Data, append(taking, back)
	}
	return data, taking, nil
}

// notes are the notes of runs that stand.
func notes(taking [][]Edit) []plan.Note {
	var all []plan.Note
	for _, e := range slices.Concat(taking...) {
		all = append(all, e.TakeBack)
	}
	return all
}

// checkRuns takes all runs back in one.
func checkRuns(src []byte, runs [][]Edit) error {
	data, taking, err := inOrder(src, runs)
	if err != nil {
		return err
	}
	return takenBack(src, data, slices.Concat(taking...))
}

// runByRun takes runs back one by one, in any order.
func runByRun(random *rand.Rand, src []byte, runs [][]Edit) ([]byte, error) {
	data, taking, err := inOrder(src, runs)
	if err != nil {
		return nil, err
	}
	random.Shuffle(len(taking), func(i, j int) { taking[i], taking[j] = taking[j], taking[i] })
	for i, edits := range taking {
		r, err := Apply(data, edits, notes(taking[i:])...)
		if err != nil {
			return nil, err
		}
		data = r.Data
	}
	before, err := Parse(src)
	if err != nil {
		return nil, err
	}
	after, err := Parse(data)
	if err != nil || !before.Root.Equal(after.Root) {
		return nil, fmt.Errorf("taken back run by run to other data (%v):\n%s", err, data)
	}
	return data, nil
}
