package apply_test

import (
	"strings"
	"testing"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
)

// Options without what they need are an error with its name, before anything happens.
func TestOptionsLack(t *testing.T) {
	asking := plan.Desired{Confirm: plan.Confirm{Enabled: true}}
	for lack, o := range map[string]apply.Options{
		"Home":    {Desired: asking},
		"Gateway": {Home: t.TempDir(), Desired: asking},
	} {
		result, err := apply.Run(t.Context(), o)
		if err == nil || !strings.Contains(err.Error(), lack+" is missing") || result.Outcome != apply.Failed {
			t.Errorf("without %s: got %q, %v", lack, result.Outcome, err)
		}
	}
	if _, err := apply.Look(t.Context(), apply.Options{}); err == nil || !strings.Contains(err.Error(), "Home is missing") {
		t.Errorf("a look without Home: got %v", err)
	}
}
