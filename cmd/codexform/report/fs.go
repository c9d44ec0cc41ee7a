package report

import (
	"errors"
	"io/fs"
)

type fsInfo = fs.FileInfo

// bare is an error of the file system without the path, which the caller says.
func bare(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
