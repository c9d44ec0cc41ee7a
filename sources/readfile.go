package sources

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/afero"
)

var (
	errNotRegular = errors.New("not a regular file")
	errTooLarge   = errors.New("larger than 64 KiB")
)

// readRegular reads a regular file, through links, at most maxFile bytes and one
// more. It never waits: a FIFO or a device is refused before it is opened, and one
// that takes the file's place in between is opened without blocking.
func readRegular(f afero.Fs, name string) ([]byte, fs.FileInfo, error) {
	info, err := f.Stat(name)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, info, errNotRegular
	}
	file, err := f.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, info, err
	}
	defer file.Close()
	if info, err = file.Stat(); err != nil {
		return nil, info, err
	}
	if !info.Mode().IsRegular() {
		return nil, info, errNotRegular
	}
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	return data, info, err
}

// reason is why the operating system said no, without the path, which may hold
// what it should not.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.Is(err, errNotRegular), errors.Is(err, errTooLarge):
		return err.Error()
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return "cannot be read"
}
