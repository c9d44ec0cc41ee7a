package bounded

import (
	"errors"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/stall"
)

// patientFile is a file that Open has opened: no read of it is waited for longer than
// File would.
type patientFile struct {
	afero.File
	buffer []byte // a read that was given up may still write into it
	silent error
}

// Read gives a *SilentError where the file system does not answer, and again when asked again.
func (f *patientFile) Read(p []byte) (int, error) {
	if f.silent != nil {
		return 0, f.silent
	}
	if len(f.buffer) < len(p) {
		f.buffer = make([]byte, len(p))
	}
	type answer struct {
		n   int
		err error
	}
	file, buffer := f.File, f.buffer[:len(p)]
	got, err := patiently(f.Name(), func() answer {
		n, err := file.Read(buffer)
		return answer{n, err}
	})
	if err != nil {
		f.silent = err
		return 0, err
	}
	return copy(p, buffer[:got.n]), got.err
}

// Close leaves a file whose system does not answer where it is: closing it may wait too.
func (f *patientFile) Close() error {
	if f.silent != nil {
		return f.silent
	}
	defer stall.Enter(stall.Look, "", f.Name()).Leave()
	return f.File.Close()
}

// Silent reports an error that says that a file system does not answer.
func Silent(err error) bool {
	var silent *SilentError
	return errors.As(err, &silent)
}
