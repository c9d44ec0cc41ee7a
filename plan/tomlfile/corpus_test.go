package tomlfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/editor"
)

// corpusCase is one case of testdata/corpus/cases.json, whose rules stand on top
// of that file.
type corpusCase struct {
	ID, Name, About, File, Expect, Want, Refuse string
	Edits                                       []struct {
		Op    string
		Path  plan.Address
		Value json.RawMessage
	}
	MaxAdded   int      `json:"max_added_lines"`
	MaxRemoved int      `json:"max_removed_lines"`
	MustKeep   []string `json:"must_keep"`
	FirstLine  bool     `json:"first_line_kept"`
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

func (c corpusCase) edits(t testing.TB) []Edit {
	t.Helper()
	edits := make([]Edit, len(c.Edits))
	for i, e := range c.Edits {
		edits[i].Address = e.Path
		if e.Op != "set" {
			continue
		}
		if err := json.Unmarshal(e.Value, &edits[i].Value); err != nil {
			t.Fatal(err)
		}
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
			got, err := Apply(src, c.edits(t))
			if c.Expect == "refuse" {
				checkRefusal(t, err, c.Refuse)
				return
			}
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			c.check(t, src, got.Data)
			again, err := Apply(got.Data, c.edits(t))
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
	if right < len(cases) {
		t.Errorf("only %d of %d cases", right, len(cases))
	}
	if len(cases) < 132 {
		t.Errorf("the corpus has shrunk to %d cases", len(cases))
	}
}

func checkRefusal(t *testing.T, err error, kind string) {
	t.Helper()
	var e *editor.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a refusal of kind %s", err, kind)
	}
	if string(e.Kind) != kind || e.Line == 0 {
		t.Errorf("got kind %s at line %d (%v), want %s with its place", e.Kind, e.Line, e, kind)
	}
}

func (c corpusCase) check(t *testing.T, src, got []byte) {
	t.Helper()
	switch c.Expect {
	case "unchanged":
		if diff := cmp.Diff(string(src), string(got)); diff != "" {
			t.Errorf("changed (-before +after):\n%s", diff)
		}
	case "exact":
		if diff := cmp.Diff(string(readFile(t, c.Want)), string(got)); diff != "" {
			t.Errorf("wrong bytes (-want +got):\n%s", diff)
		}
	case "semantic":
		c.checkLimits(t, string(src), string(got))
	default:
		t.Fatalf("unknown expectation %q", c.Expect)
	}
}

func (c corpusCase) checkLimits(t *testing.T, src, got string) {
	t.Helper()
	added, removed := lineDiff(strings.Split(src, "\n"), strings.Split(got, "\n"))
	if added > c.MaxAdded || removed > c.MaxRemoved {
		t.Errorf("%d lines added, %d removed; at most %d and %d:\n%s", added, removed, c.MaxAdded, c.MaxRemoved, got)
	}
	for _, keep := range c.MustKeep {
		if !strings.Contains(got, keep) {
			t.Errorf("lost %q:\n%s", keep, got)
		}
	}
	if first, _, _ := strings.Cut(src, "\n"); c.FirstLine && !strings.HasPrefix(got, first) {
		t.Errorf("the first line is not %q any more:\n%s", first, got)
	}
}

// lineDiff counts the lines outside a longest common subsequence.
func lineDiff(a, b []string) (added, removed int) {
	lengths := make([][]int, len(a)+1)
	for i := range lengths {
		lengths[i] = make([]int, len(b)+1)
	}
	for i := range a {
		for j := range b {
			lengths[i+1][j+1] = max(lengths[i][j+1], lengths[i+1][j])
			if a[i] == b[j] {
				lengths[i+1][j+1] = lengths[i][j] + 1
			}
		}
	}
	common := lengths[len(a)][len(b)]
	return len(b) - common, len(a) - common
}

// TestCorpusTakenBack takes back what each case did, in one Apply and in the reverse
// and the same order: the original bytes return.
func TestCorpusTakenBack(t *testing.T) {
	changing, right := 0, 0
	for _, c := range corpusCases(t) {
		src := readFile(t, c.File)
		edits := c.edits(t)
		done, err := Apply(src, edits)
		if err != nil || string(done.Data) == string(src) {
			continue
		}
		changing++
		if err := allTakenBack(src, edits, done); err != nil {
			t.Errorf("%s-%s: %v", c.ID, c.Name, err)
			continue
		}
		right++
	}
	t.Logf("%d of %d changing cases give the original bytes back", right, changing)
	if right < 113 {
		t.Errorf("only %d cases", right)
	}
}

// allTakenBack takes edits back, first to last and last to first.
func allTakenBack(src []byte, edits []Edit, done Result) error {
	taking, err := backwards(src, edits, done)
	if err != nil {
		return err
	}
	return takenBack(src, done.Data, taking)
}

// takenBack checks that taking edits, in their order and in the reverse one, give
// the original bytes.
func takenBack(src, data []byte, taking []Edit) error {
	for range 2 {
		back, err := Apply(data, taking)
		if err != nil {
			return err
		}
		if diff := cmp.Diff(string(src), string(back.Data)); diff != "" {
			return fmt.Errorf("not the original bytes (-want +got):\n%s", diff)
		}
		slices.Reverse(taking)
	}
	return nil
}

// backwards is the edits that take others back.
func backwards(src []byte, edits []Edit, done Result) ([]Edit, error) {
	before, err := Parse(src)
	if err != nil {
		return nil, err
	}
	var taking []Edit
	for i, e := range edits {
		if done.Notes[i] == "" {
			continue
		}
		taking = append(taking, Edit{Address: e.Address, Value: lookup(before.Root, e.Address), TakeBack: done.Notes[i]})
	}
	return taking, nil
}
