package bounded

import (
	"fmt"
	"io/fs"
	"sync/atomic"
	"time"

	"github.com/spf13/afero"
)

// patience is how long a file may take to be read: one on a file system that is dead
// (a network's, or FUSE's) never is.
var patience = 30 * time.Second

// silent counts the reads that are still waited for by nobody: where one file is dead
// the next ones probably are too, and the run has to end.
var silent atomic.Int32

// SilentError is a file whose file system does not answer.
type SilentError struct{ After time.Duration }

// Error says how long it was waited for.
func (e *SilentError) Error() string {
	return fmt.Sprintf("could not be read within %s: its file system does not answer", e.After)
}

// Opener opens a regular file, as Open does, for somebody whose whole look is given up
// where the file system does not answer.
type Opener func(fsys afero.Fs, name string) (afero.File, fs.FileInfo, error)

// Look does something that reads many files, and gives all of it up where one file would
// be. What it reads is opened by the opener that it is given, which costs no goroutine.
func Look[T any](read func(Opener) T) (T, error) {
	return patiently(func() T { return read(open) })
}

// patiently reads in a goroutine of its own, which stays where it is when nothing comes:
// no call ends a read that the system is waiting in.
func patiently[T any](read func() T) (T, error) {
	wait := patience
	if silent.Load() > 0 {
		wait = patience / 10
	}
	done := make(chan T, 1)
	go func() { done <- read() }()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case got := <-done:
		return got, nil
	case <-timer.C:
	}
	silent.Add(1)
	go func() {
		<-done
		silent.Add(-1)
	}()
	var none T
	return none, &SilentError{wait}
}
