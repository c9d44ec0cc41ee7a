package plan_test

import (
	"testing"

	"github.com/codexform/codexform/plan"
)

// A rollback says of each key what it was before, not what the policy of today wants.
func TestRollbackReasons(t *testing.T) {
	p := &past{home: newHome(t)}
	p.edits(key("mine", a))
	p.edits(key("gone", a))
	p.applies(wants(key("model", a), key("mine", b)))
	p.applies(forbids("gone"))
	p.applies(wants(key("model", b), key("new", a)))
	for n, want := range map[int]map[string]string{
		1: {"model": "it was not there before apply 1", "new": "it was not there before apply 1"},
		2: {
			"model": "it had this value before apply 2", "mine": "it had this value before apply 2", "new": "it was not there before apply 2",
		},
		3: {
			"model": "it was not there before apply 3", "new": "it was not there before apply 3", "gone": "it was taken away before apply 3",
		},
	} {
		records, err := plan.ParseHistory(p.lines)
		if err != nil {
			t.Fatal(err)
		}
		made := plan.Rollback(records[n-1:], p.o, func(plan.Value) string { return "" })
		got := map[string]string{}
		for _, c := range made.File(plan.ConfigFile).Changes {
			got[c.Address.String()] = c.Reason
		}
		for at, reason := range want {
			if got[at] != reason {
				t.Errorf("rollback %d of %s: %q, not %q", n, at, got[at], reason)
			}
		}
		if len(got) != len(want) {
			t.Errorf("rollback %d: %v", n, got)
		}
	}
}
