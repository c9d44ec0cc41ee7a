package vaulttest

import (
	"errors"
	"runtime"
	"testing"
)

// witness is a test that notes how it ended.
type witness struct {
	testing.TB
	end string
}

func (w *witness) Fatal(...any) { w.end = "failed"; runtime.Goexit() }
func (w *witness) Skip(...any)  { w.end = "skipped"; runtime.Goexit() }

// A missing Vault is a failure in CI, where nobody reads what was skipped.
func TestMissing(t *testing.T) {
	t.Setenv("VAULTDEV_BIN", "")
	t.Chdir(t.TempDir())
	if _, err := launch(); !errors.Is(err, errMissing) {
		t.Fatalf("got %v, want errMissing", err)
	}
	for ci, want := range map[string]string{"": "skipped", "true": "failed"} {
		t.Setenv("CI", ci)
		w := &witness{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			Start(w)
		}()
		<-done
		if w.end != want {
			t.Errorf("CI=%q: the test %s, want %s", ci, w.end, want)
		}
	}
}

// What starts is unsealed, has a KV mount, and tells root from others.
func TestStart(t *testing.T) {
	s := Start(t, "-root-token", "a-root-token")
	if s.Version == "" || s.RootToken != "a-root-token" || s.UnsealKey == "" {
		t.Errorf("got %+v", s)
	}
	if keys := s.Do(t, "GET", "sys/mounts", nil); keys["secret/"] == nil {
		t.Errorf("nothing is mounted at secret/: %v", keys)
	}
	if status, _ := s.Ask(t, "nobody", "GET", "sys/mounts", nil, nil); status != 403 {
		t.Errorf("a stranger: %d, want 403", status)
	}
}
