package plan_test

import (
	"testing"
	"time"

	"github.com/codexform/codexform/plan"
)

// A ledger from before a later apply is told by history what that one wrote; what
// somebody else wrote stays theirs.
func TestCaughtUp(t *testing.T) {
	record := func(left plan.Value, held bool, at time.Time) []plan.Record {
		return []plan.Record{{N: 1, Time: at, Moves: []plan.Move{{File: plan.ConfigFile, Path: plan.Address{"x"}, Left: left, Held: held}}}}
	}
	for name, tt := range map[string]struct {
		records []plan.Record
		want    plan.Value
	}{
		"as the newest record left it":         {record(b, true, noon), b},
		"as somebody wrote it":                 {record(plan.Str("c"), true, noon), a},
		"given back by the newest record":      {record(b, false, noon), a},
		"a ledger from after the record":       {record(b, true, noon.Add(-time.Hour)), a},
		"an older record, and a newer one":     {append(record(b, true, noon), record(a, true, noon)...), a},
		"a history that says nothing of it":    {nil, a},
		"a record from before moves were kept": {[]plan.Record{{N: 1, Time: noon}}, a},
	} {
		t.Run(name, func(t *testing.T) {
			o := plan.Observed{Config: plan.Config{Exists: true, Root: plan.Table(plan.Member{Key: "x", Value: b})}}
			o.Ledger = plan.Ledger{Policy: plan.Policy{Time: noon}, Entries: []plan.Entry{{File: plan.ConfigFile, Address: plan.Address{"x"}, Last: a}}}
			if !o.Behind() {
				t.Error("the ledger is not behind")
			}
			if got := o.CaughtUp(tt.records).Entries[0].Last; !got.Equal(tt.want) {
				t.Errorf("it was last %v, want %v", got, tt.want)
			}
			if !o.Ledger.Entries[0].Last.Equal(a) {
				t.Error("the ledger itself has changed")
			}
		})
	}
}
