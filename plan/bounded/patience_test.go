package bounded

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/stall"
)

// deadFs is a file system that stopped answering.
type deadFs struct {
	afero.Fs
	wake chan struct{}
}

func (f deadFs) OpenFile(string, int, os.FileMode) (afero.File, error) {
	<-f.wake
	return nil, errors.New("woken")
}

// A file on a dead file system is given up, the next ones sooner, and one that answers
// again is read as ever.
func TestADeadFileSystemIsGivenUp(t *testing.T) {
	old := stall.Patience
	stall.Patience = 200 * time.Millisecond
	defer func() { stall.Patience = old }()
	alive := afero.NewMemMapFs()
	if err := afero.WriteFile(alive, "/f", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	dead := deadFs{alive, make(chan struct{})}
	for _, want := range []time.Duration{200 * time.Millisecond, 20 * time.Millisecond} {
		var silent *SilentError
		start := time.Now()
		if _, _, err := File(dead, "/f", 10); !errors.As(err, &silent) || silent.After != want || time.Since(start) < want {
			t.Errorf("got %v after %s, want it given up after %s", err, time.Since(start), want)
		}
	}
	if data, _, err := File(alive, "/f", 10); err != nil || string(data) != "x" {
		t.Errorf("another file system: %q, %v", data, err)
	}
	close(dead.wake)
	for start := time.Now(); stall.Left() < stall.Patience; time.Sleep(time.Millisecond) {
		if time.Since(start) > 5*time.Second {
			t.Fatal("the reads ended, and still count")
		}
	}
}
