// Package bounded reads what others wrote: never more than a bound, and never waiting
// for it. Whatever this program reads by a name that somebody gave it is read here.
//
// File reads regular files, and opens nothing else. Where a FIFO is what somebody
// means (process substitution, a served secret), Pipes reads it too: once a run, for
// seconds only, and no longer than the run.
package bounded

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/afero"
)

// NotRegularError is a name that leads to something else than a file.
type NotRegularError struct{ Mode fs.FileMode }

// Error says what is there instead.
func (e *NotRegularError) Error() string {
	what := "something else"
	switch {
	case e.Mode.IsDir():
		what = "a folder"
	case e.Mode&fs.ModeNamedPipe != 0:
		what = "a FIFO"
	case e.Mode&fs.ModeDevice != 0:
		what = "a device"
	case e.Mode&fs.ModeSocket != 0:
		what = "a socket"
	}
	return "is not a regular file but " + what
}

// TooLargeError is a file with more in it than anyone will read.
type TooLargeError struct{ Max int64 }

// Error names the bound.
func (e *TooLargeError) Error() string {
	switch {
	case e.Max >= 1<<20 && e.Max%(1<<20) == 0:
		return fmt.Sprintf("is larger than %d MiB", e.Max>>20)
	case e.Max >= 1<<10 && e.Max%(1<<10) == 0:
		return fmt.Sprintf("is larger than %d KiB", e.Max>>10)
	}
	return fmt.Sprintf("is larger than %d bytes", e.Max)
}

// File reads a regular file, through links. Anything else is a *NotRegularError, and
// is not opened; one that takes the file's place in between is opened without waiting.
// More than max bytes are a *TooLargeError, with the first max of them, and a file
// system that does not answer is a *SilentError.
func File(fsys afero.Fs, name string, max int64) ([]byte, fs.FileInfo, error) {
	type answer struct {
		data []byte
		info fs.FileInfo
		err  error
	}
	got, err := patiently(name, func() answer {
		data, info, err := file(Unwatched(fsys), name, max)
		return answer{data, info, err}
	})
	if err != nil {
		return nil, nil, err
	}
	return got.data, got.info, got.err
}

func file(fsys afero.Fs, name string, max int64) ([]byte, fs.FileInfo, error) {
	file, info, err := open(fsys, name)
	if err != nil {
		return nil, info, err
	}
	defer file.Close()
	data, err := All(file, max)
	return data, info, err
}

// stat waits no longer than File.
func stat(fsys afero.Fs, name string) (fs.FileInfo, error) {
	type answer struct {
		info fs.FileInfo
		err  error
	}
	got, err := patiently(name, func() answer {
		info, err := Unwatched(fsys).Stat(name)
		return answer{info, err}
	})
	return got.info, cmp.Or(err, got.err)
}

// Open opens a regular file for a reader who stops by himself, such as one of the
// first line. Neither it nor a read of the file waits longer than File.
func Open(fsys afero.Fs, name string) (afero.File, fs.FileInfo, error) {
	type answer struct {
		file afero.File
		info fs.FileInfo
		err  error
	}
	got, err := patiently(name, func() answer {
		file, info, err := open(Unwatched(fsys), name)
		return answer{file, info, err}
	})
	if err = cmp.Or(err, got.err); err != nil {
		return nil, got.info, err
	}
	return &patientFile{File: got.file}, got.info, nil
}

func open(fsys afero.Fs, name string) (afero.File, fs.FileInfo, error) {
	info, err := fsys.Stat(name)
	if err != nil && Device(name) && !errors.Is(err, fs.ErrNotExist) {
		err = &NotRegularError{fs.ModeDevice}
	}
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, info, &NotRegularError{info.Mode()}
	}
	file, err := fsys.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, info, err
	}
	info, err = file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &NotRegularError{info.Mode()}
	}
	if err != nil {
		file.Close()
		return nil, info, err
	}
	return file, info, nil
}

// All reads to the end, or to max bytes: what is more is a *TooLargeError.
func All(r io.Reader, max int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, max+1))
	if err == nil && int64(len(data)) > max {
		return data[:max], &TooLargeError{max}
	}
	return data, err
}

// Refused reports an error that says that the thing must not be read, whatever is in it.
func Refused(err error) bool {
	var irregular *NotRegularError
	var large *TooLargeError
	return errors.As(err, &irregular) || errors.As(err, &large)
}
