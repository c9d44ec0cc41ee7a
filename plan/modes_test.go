package plan_test

import (
	"testing"

	"github.com/codexform/codexform/plan"
)

// Where files have no permission bits (Windows), what a system shows in their stead
// says nothing: no plan speaks of it, and the plan after an apply is empty.
func TestNoModes(t *testing.T) {
	key := plan.NewSecret([]byte("sk-modes-0123456789"))
	d := plan.Desired{
		Provider: &plan.Provider{ID: "OpenAI", Name: "Gate", BaseURL: "https://gate.example/v1"},
		Settings: []plan.Setting{{Address: plan.Address{"model"}, Value: plan.Str("gpt-5.4")}},
		Secret:   &plan.Wanted{Ref: "env:KEY", Value: key}, Delivery: plan.DeliveryAuthJSON,
	}
	for _, shown := range []uint32{0o666, 0o444, 0} {
		o := plan.Observed{NoModes: true}
		o.Ledger.FingerprintKey = []byte("machine")
		p := plan.Make(d, o)
		for _, f := range p.Files {
			if f.Action != plan.Create || f.Mode != 0 || f.OldMode != 0 {
				t.Errorf("new %s: %v with mode %04o → %04o, want a creation without one", f.Path, f.Action, f.OldMode, f.Mode)
			}
		}
		o = plan.After(o, p, noon)
		o.Config.Mode, o.Auth.Mode = shown, shown
		if p := plan.Make(d, o); !p.Empty() {
			t.Errorf("shown as %04o: the plan after an apply is not empty: %+v", shown, p.Files)
		}
	}
	o := plan.Observed{}
	o.Ledger.FingerprintKey = []byte("machine")
	o = plan.After(o, plan.Make(d, o), noon)
	o.Auth.Mode = 0o666
	if plan.Make(d, o).Empty() {
		t.Error("where there are modes, a wide auth.json is a change")
	}
}
