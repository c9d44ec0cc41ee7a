package commit

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/stall"
)

// AppendUserFile opens a file that a user named, a log, to write at its end. A new one
// is for its owner alone.
func AppendUserFile(path string) (io.WriteCloser, error) {
	defer stall.Enter(stall.Look, "", path).Leave()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY|openNoBlock, 0o600)
	if errors.Is(err, syscall.ENXIO) {
		return nil, fmt.Errorf("nobody reads from the other end of %s", path)
	}
	if err != nil {
		return nil, err
	}
	return &impatient{File: f}, nil
}

// appendWait is how long one write to a pipe waits for its reader.
const appendWait = 2 * time.Second

// impatient waits once for a reader that does not read, and writes nothing more then.
type impatient struct {
	*os.File
	late error
}

func (w *impatient) Write(data []byte) (int, error) {
	if w.late != nil {
		return 0, w.late
	}
	defer stall.Enter(stall.Change, "", w.Name()).Leave()
	_ = w.SetWriteDeadline(time.Now().Add(appendWait)) // a regular file has none, and needs none
	n, err := w.File.Write(data)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		w.late = err
	}
	return n, err
}

// WriteUserFile writes a file that a user named: a saved plan, a starter policy.
// It is there whole or not at all. An existing file is fs.ErrExist unless replace;
// a new one gets the mode whatever the umask says.
func WriteUserFile(path string, data []byte, mode fs.FileMode, replace bool) error {
	defer stall.Enter(stall.Change, "", path).Leave()
	// A rename would put our file in the place of /dev/null, or of somebody's FIFO.
	look := stall.Enter(stall.Look, "", path)
	info, err := os.Stat(path)
	look.Leave()
	if replace && err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s %w: name another one", path, errIrregular)
	}
	temp := filepath.Join(filepath.Dir(path), ".codexform-"+rand.Text())
	if err := writeSynced(temp, data, mode); err != nil {
		var of *fs.PathError
		if errors.As(err, &of) && of.Path == temp {
			of.Path = path // nobody knows the other one
		}
		return err
	}
	err = placeUserFile(temp, path, replace)
	if err != nil && bounded.Device(path) {
		err = fmt.Errorf("%s is the name of a device on Windows: name another one", path)
	}
	if gone := os.Remove(temp); !errors.Is(gone, fs.ErrNotExist) { // as after a rename
		err = errors.Join(err, gone)
	}
	return err
}

func placeUserFile(temp, path string, replace bool) error {
	if replace {
		return os.Rename(temp, path)
	}
	// A link, unlike a rename, refuses to replace.
	err := os.Link(temp, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	dir, e := openFolder(filepath.Dir(path))
	if e != nil {
		return err
	}
	defer dir.close()
	if e := dir.move(filepath.Base(temp), filepath.Base(path)); e != nil { // a file system without links
		return errors.Join(err, e)
	}
	return nil
}

func writeSynced(path string, data []byte, mode fs.FileMode) error {
	f, err := createUserFile(path, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
