package tomlfile

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
)

// Many new tables at once stand where they would one after the other, and all go again.
func TestRowOfTables(t *testing.T) {
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 14))
		before, edits := rowFile(r), rowEdits(r)
		atOnce, notes := rowApply(t, before, edits)
		oneByOne := before
		for _, e := range edits {
			oneByOne, _ = rowApply(t, oneByOne, []Edit{e})
		}
		if atOnce != oneByOne {
			t.Fatalf("seed %d: %s\nonto\n%s\nat once\n%s\none by one\n%s", seed, rowText(edits), before, atOnce, oneByOne)
		}
		back := make([]Edit, len(edits))
		for i, e := range edits {
			back[i] = Edit{Address: e.Address, TakeBack: notes[i]}
		}
		if after, _ := rowApply(t, atOnce, back); after != before {
			t.Fatalf("seed %d: %s\nonto\n%s\ncomes back as\n%s\nfrom\n%s", seed, rowText(edits), before, after, atOnce)
		}
	}
}

func rowApply(t *testing.T, text string, edits []Edit) (string, []plan.Note) {
	t.Helper()
	d, err := Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	res, err := d.Apply(edits)
	if err != nil {
		t.Fatalf("%v: %s onto\n%s", err, rowText(edits), text)
	}
	return string(res.Data), res.Notes
}

// rowFile is a file with a few tables, some of them among those that rowEdits makes.
func rowFile(r *rand.Rand) string {
	var b strings.Builder
	pieces := []string{"x = 1\n", "# a comment\n", "\n", "\n\n", "[z]\n", "[p]\nq = 1\n", "[p.a]\nq = 1 # one\n", "[p.z.c]\n", "[q.b]\nk = [\n 1 ]\n# glued\n", "[[l]]\nm = 1\n", "# end\n"}
	used := map[int]bool{}
	for range r.IntN(6) {
		if i := r.IntN(len(pieces)); !used[i] && (i > 0 || len(used) == 0) {
			used[i] = true
			b.WriteString(pieces[i])
		}
	}
	if r.IntN(4) == 0 {
		return strings.TrimSuffix(b.String(), "\n")
	}
	return b.String()
}

// rowEdits are new keys of new tables, beside, below and above each other.
func rowEdits(r *rand.Rand) []Edit {
	var edits []Edit
	seen := map[string]bool{}
	for range 2 + r.IntN(8) {
		a := plan.Address{string("pqs"[r.IntN(3)])}
		for range r.IntN(3) {
			a = append(a, string("bcd"[r.IntN(3)]))
		}
		for k := range 1 + r.IntN(2) {
			at := append(a[:len(a):len(a)], fmt.Sprint("key", k))
			if !seen[at.Key()] {
				seen[at.Key()] = true
				edits = append(edits, Edit{Address: at, Value: plan.Int(int64(k))})
			}
		}
	}
	return edits
}

func rowText(edits []Edit) string {
	var out []string
	for _, e := range edits {
		out = append(out, e.Address.String())
	}
	return strings.Join(out, ", ")
}
