package sources

import (
	"context"
	"errors"
	"io/fs"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/bounded"
)

// disk is where sources read: the file system, and the FIFOs of this run.
type disk struct {
	fs    afero.Fs
	pipes *bounded.Pipes
}

func (w World) disk() disk { return disk{w.Fs, w.Pipes} }

// read reads a file of at most maxFile bytes; a FIFO too, where this run reads any.
func (f disk) read(name string) ([]byte, fs.FileInfo, error) {
	return f.pipes.File(f.fs, name, maxFile)
}

// reason is why the operating system said no, without the path, which may hold
// what it should not.
func reason(err error) string {
	var path *fs.PathError
	var late *bounded.TimeoutError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case bounded.Refused(err), bounded.Silent(err), errors.As(err, &late):
		return err.Error()
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "interrupted"
	case errors.As(err, &path):
		return path.Err.Error()
	}
	return "could not be read"
}
