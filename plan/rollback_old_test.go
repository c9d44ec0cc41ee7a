package plan_test

import (
	"testing"

	"github.com/codexform/codexform/plan"
)

// Records from before moves were kept tell by their changes and the ledger what was ours.
func TestRollbackOfOldRecords(t *testing.T) {
	c := plan.Str("c")
	for name, tt := range map[string]struct {
		start  plan.Value
		back   int
		holds  plan.Value
		owns   int
		theirs plan.Value // after a destroy
	}{
		"behind the second":         {none, 2, a, 1, none},
		"behind both":               {none, 1, none, 0, none},
		"behind both, over a value": {c, 1, c, 0, c},
		"behind one, above a value": {c, 2, a, 1, c},
	} {
		t.Run(name, func(t *testing.T) {
			p := &past{home: newHome(t)}
			if !tt.start.IsAbsent() {
				p.edits(key("model", tt.start))
			}
			p.applies(wants(key("model", a)))
			p.applies(wants(key("model", b)))
			records, err := plan.ParseHistory(p.lines)
			if err != nil {
				t.Fatal(err)
			}
			for i := range records {
				records[i].Moves = nil
			}
			made := plan.Rollback(records[tt.back-1:], p.o, func(plan.Value) string { return "" })
			p.o = plan.After(p.o, made, noon)
			p.holds("model", tt.holds)
			p.owns(tt.owns)
			p.o = plan.After(p.o, plan.Make(plan.Desired{}, p.o), noon)
			p.holds("model", tt.theirs)
		})
	}
}
