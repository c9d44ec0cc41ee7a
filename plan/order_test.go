package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
)

// Changes come in the order of the file, what is new in it where it has room, whatever the
// order of the policy; so too what is given back beside them.
func TestChangesInFileOrder(t *testing.T) {
	root := plan.Table(
		plan.Member{Key: "b", Value: plan.Int(1)},
		plan.Member{Key: "a", Value: plan.Int(2)},
		plan.Member{Key: "t", Value: plan.Table(
			plan.Member{Key: "y", Value: plan.Int(3)},
			plan.Member{Key: "s", Value: plan.Table(plan.Member{Key: "p", Value: plan.Int(4)})},
		)},
		plan.Member{Key: "u", Value: plan.Table(plan.Member{Key: "k", Value: plan.Int(5)})},
	)
	ours := plan.Entry{File: plan.ConfigFile, Address: plan.Address{"t", "y"}, Last: plan.Int(3)}
	o := plan.Observed{Config: plan.Config{Exists: true, Root: root}, Ledger: plan.Ledger{Entries: []plan.Entry{ours}}}
	d := plan.Desired{Digest: "d", Absent: []plan.Removal{{Address: plan.Address{"b"}}}}
	for _, at := range []string{"v.z", "u.k", "t.x", "c", "t.s.p", "a", "t.s.q"} {
		d.Settings = append(d.Settings, plan.Setting{Address: strings.Split(at, "."), Value: plan.Int(9)})
	}
	var got []string
	for _, c := range plan.Make(d, o).File(plan.ConfigFile).Changes {
		got = append(got, string(c.Action)+" "+c.Address.String())
	}
	want := []string{
		"delete b", "update a", "create c", "delete t.y", "create t.x", "update t.s.p", "create t.s.q", "update u.k", "create v.z",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
