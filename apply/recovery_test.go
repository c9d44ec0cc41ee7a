package apply_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
)

// A run that finds nothing to do still ends what a killed one has left.
func TestNothingToDoButRecovery(t *testing.T) {
	g := newGround(t, livedIn())
	if _, err := apply.Run(t.Context(), g.options(ok())); err != nil {
		t.Fatal(err)
	}
	id := strings.Repeat("0", 32)
	for _, left := range []string{"ledger." + id, "intent." + id, "staging"} {
		g.write(filepath.Join(".codexform", left), "")
		got, err := apply.Run(t.Context(), g.options(ok()))
		if err != nil || got.Outcome != apply.Unchanged {
			t.Fatalf("%s: got %v, %v", left, got.Outcome, err)
		}
		if len(got.Notes) != 1 || !strings.Contains(got.Notes[0], "interrupted") {
			t.Errorf("%s: notes %q, want one about the interrupted run", left, got.Notes)
		}
		g.wants(filepath.Join(".codexform", left), "(none)")
	}
}

// A key that somebody puts in the place of ours, right after it was written, is seen
// when the files are read back, at the same host too.
func TestKeyIsReadBack(t *testing.T) {
	const theirKey = "sk-their-22222222222222"
	g := newGround(t, livedIn())
	if _, err := apply.Run(t.Context(), g.options(ok())); err != nil {
		t.Fatal(err)
	}
	for range 100 { // until they are fast enough
		g.write("auth.json", `{"OPENAI_API_KEY":"`+oldKey+`"}`)
		stop := make(chan bool)
		wrote := make(chan bool)
		go func() {
			defer close(wrote)
			for {
				select {
				case <-stop:
					return
				case <-time.After(10 * time.Microsecond):
				}
				path := filepath.Join(g.home, "auth.json")
				if b, err := os.ReadFile(path); err == nil && strings.Contains(string(b), newKey) {
					_ = os.WriteFile(path, []byte(`{"OPENAI_API_KEY":"`+theirKey+`"}`), 0o600)
					return
				}
			}
		}()
		_, err := apply.Run(t.Context(), g.options(ok()))
		close(stop)
		<-wrote
		var stale *apply.StaleError
		if errors.As(err, &stale) && len(stale.Addresses) == 1 && stale.Addresses[0].Equal(plan.KeyMember) {
			if !strings.Contains(g.read("auth.json"), theirKey) {
				t.Errorf("their key is gone: %s", g.read("auth.json"))
			}
			return
		}
	}
	t.Error("somebody else's key was never seen when it was read back")
}
