package jsonfile

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan/editor"
)

// corpusCase is one case of testdata/corpus/cases.json.
type corpusCase struct {
	ID, Name, About, File, Expect, Want string
	Edits                               []struct {
		Op    string
		Path  []string
		Value string
	}
}

const corpus = "testdata/corpus"

func corpusCases(t testing.TB) []corpusCase {
	t.Helper()
	var file struct{ Cases []corpusCase }
	if err := json.Unmarshal(readFile(t, "cases.json"), &file); err != nil {
		t.Fatal(err)
	}
	return file.Cases
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(corpus, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func (c corpusCase) edits() []Edit {
	edits := make([]Edit, len(c.Edits))
	for i, e := range c.Edits {
		edits[i] = Edit{Name: e.Path[0], Value: e.Value, Remove: e.Op == "remove"}
	}
	return edits
}

// TestCorpus runs every case, and every case a second time on its own outcome.
func TestCorpus(t *testing.T) {
	right := 0
	cases := corpusCases(t)
	for _, c := range cases {
		ok := t.Run(c.ID+"-"+c.Name, func(t *testing.T) {
			src := readFile(t, c.File)
			got, err := Apply(src, c.edits())
			if c.Expect == "refuse" {
				if e := (*editor.Error)(nil); !errors.As(err, &e) {
					t.Errorf("got %v, want a refusal", err)
				}
				return
			}
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			c.check(t, src, got.Data)
			again, err := Apply(got.Data, c.edits())
			if err != nil {
				t.Fatalf("second run: %v", err)
			}
			if diff := cmp.Diff(string(got.Data), string(again.Data)); diff != "" {
				t.Errorf("second run changes the file (-first +second):\n%s", diff)
			}
		})
		if ok {
			right++
		}
	}
	t.Logf("%d of %d cases", right, len(cases))
	if right < len(cases) || len(cases) < 20 {
		t.Errorf("%d of %d cases, want all of at least 20", right, len(cases))
	}
}

func (c corpusCase) check(t *testing.T, src, got []byte) {
	t.Helper()
	want := src
	switch c.Expect {
	case "unchanged":
	case "exact":
		want = readFile(t, c.Want)
	case "semantic":
		if !json.Valid(got) {
			t.Errorf("not JSON: %s", got)
		}
		return
	default:
		t.Fatalf("unknown expectation %q", c.Expect)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("wrong bytes (-want +got):\n%s", diff)
	}
}

// TestCorpusTakenBack takes back what each case did, in either order: the original
// bytes return. A secret that was there before is given back by the test, since no
// record holds it.
func TestCorpusTakenBack(t *testing.T) {
	changing := 0
	for _, c := range corpusCases(t) {
		src := readFile(t, c.File)
		done, err := Apply(src, c.edits())
		if err != nil || string(done.Data) == string(src) {
			continue
		}
		changing++
		taking := taking(t, src, c.edits(), done)
		for range 2 {
			back, err := Apply(done.Data, taking)
			if err != nil {
				t.Errorf("%s: %v", c.ID, err)
			}
			if diff := cmp.Diff(string(src), string(back.Data)); diff != "" {
				t.Errorf("%s-%s: not the original bytes (-want +got):\n%s", c.ID, c.Name, diff)
			}
			slices.Reverse(taking)
		}
	}
	t.Logf("%d changing cases give the original bytes back", changing)
	if changing < 14 {
		t.Errorf("only %d cases change anything", changing)
	}
}

func taking(t *testing.T, src []byte, edits []Edit, done Result) []Edit {
	t.Helper()
	members, err := Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	var taking []Edit
	for i, e := range edits {
		if done.Notes[i] == "" {
			continue
		}
		back := Edit{Name: e.Name, Remove: true, TakeBack: done.Notes[i]}
		for _, m := range members {
			if text, ok := m.Text(); ok && m.Name == e.Name {
				back.Value, back.Remove = text, false
			}
		}
		taking = append(taking, back)
	}
	return taking
}
