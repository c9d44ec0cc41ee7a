package sources_test

import (
	"os"

	"github.com/spf13/afero"
)

// swappingFs does something to a file after it was looked at and before it is opened.
type swappingFs struct {
	afero.Fs
	between func(name string)
}

func (f swappingFs) Stat(name string) (os.FileInfo, error) {
	info, err := f.Fs.Stat(name)
	if err == nil {
		f.between(name)
	}
	return info, err
}
