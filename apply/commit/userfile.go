package commit

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// AppendUserFile opens a file that a user named, a log, to write at its end. A new one
// is for its owner alone.
func AppendUserFile(path string) (io.WriteCloser, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}

// WriteUserFile writes a file that a user named: a saved plan, a starter policy.
// It is there whole or not at all. An existing file is fs.ErrExist unless replace;
// a new one gets the mode whatever the umask says.
func WriteUserFile(path string, data []byte, mode fs.FileMode, replace bool) error {
	temp := filepath.Join(filepath.Dir(path), ".codexform-"+rand.Text())
	if err := writeSynced(temp, data, mode); err != nil {
		return err
	}
	if replace {
		if err := os.Rename(temp, path); err != nil {
			return errors.Join(err, os.Remove(temp))
		}
		return nil
	}
	// A link, unlike a rename, refuses to replace.
	return errors.Join(os.Link(temp, path), os.Remove(temp))
}

func writeSynced(path string, data []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
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
