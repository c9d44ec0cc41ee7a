package sources

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
)

// fileSource is a file that holds the key and nothing else. Links are followed, as
// in the folders that Kubernetes mounts.
type fileSource struct {
	disk
	path string
}

func (s fileSource) Ref() Ref { return Ref("file:" + s.path) }

func (s fileSource) Fetch(context.Context) (Fetched, error) {
	data, warnings, err := readSecretFile(s.disk, s.path, s.Ref())
	if err != nil {
		return Fetched{}, err
	}
	return fetched(s.Ref(), data, warnings...)
}

// readSecretFile reads a file that holds a secret and judges who else may touch it.
// Every error is an *Error.
func readSecretFile(f disk, path string, ref Ref) (data []byte, warnings []string, err error) {
	data, info, err := f.read(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, &Error{Kind: KindMissing, Ref: ref, Message: "no such file"}
	case err != nil:
		return nil, nil, &Error{Kind: KindUnreadable, Ref: ref, Message: reason(err)}
	}
	switch mode := othersMay(info.Mode()); {
	case mode&0o022 != 0:
		return nil, nil, &Error{
			Kind: KindPermissions, Ref: ref,
			Message: fmt.Sprintf("others may write the file (mode %04o)", info.Mode().Perm()),
			Hint:    "take their right away: chmod 600",
		}
	case mode&0o044 != 0:
		warnings = append(warnings, fmt.Sprintf("%s: others may read the file (mode %04o): chmod 600 keeps it to its owner",
			ref, info.Mode().Perm()))
	}
	return data, warnings, nil
}
