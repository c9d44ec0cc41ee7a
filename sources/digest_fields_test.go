package sources

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/codexform/codexform/plan"
)

// TestDigestFields holds what the digest speaks of against the structs: who adds a
// field to one of them has to add it there.
func TestDigestFields(t *testing.T) {
	provider := plan.Provider{ID: "a", Name: "b <&>", BaseURL: "https://x", EnvKey: "K", AuthHeader: "api-key"}
	for _, tt := range []struct {
		from any
		to   plan.Value
	}{
		{&provider, canonicalProvider(&provider)},
		{(*plan.Provider)(nil), canonicalProvider(nil)},
		{plan.Confirm{}, canonicalConfirm(plan.Confirm{})},
		{plan.Confirm{Models: []string{}}, canonicalConfirm(plan.Confirm{Models: []string{}})},
		{
			plan.Confirm{Enabled: true, Models: []string{"m"}, Timeout: time.Second, Attempts: 3, OnFailure: plan.OnFailureKeep},
			canonicalConfirm(plan.Confirm{Enabled: true, Models: []string{"m"}, Timeout: time.Second, Attempts: 3, OnFailure: plan.OnFailureKeep}),
		},
	} {
		want, err := json.Marshal(tt.from)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(tt.to); err != nil || string(got) != string(want) {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
}
