package bounded

import (
	"fmt"
	"io/fs"
	"time"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/stall"
)

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
func Look[T any](fsys afero.Fs, name string, read func(afero.Fs, Opener) T) (T, error) {
	return patiently(name, func() T { return read(Unwatched(fsys), open) })
}

// patiently reads in a goroutine of its own, which stays where it is when nothing comes:
// no call ends a read that the system is waiting in.
func patiently[T any](name string, read func() T) (T, error) {
	defer stall.Enter(stall.Wait, "", name).Leave()
	wait := stall.Left()
	done := make(chan T, 1)
	go func() { done <- read() }()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case got := <-done:
		return got, nil
	case <-timer.C:
	}
	back := stall.GiveUp()
	go func() {
		<-done
		back()
	}()
	var none T
	return none, &SilentError{wait}
}
