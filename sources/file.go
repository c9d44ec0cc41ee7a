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
	case errors.Is(err, context.Canceled):
		return nil, nil, &Error{Kind: KindCanceled, Ref: ref, Message: reason(err)}
	case err != nil:
		return nil, nil, &Error{Kind: KindUnreadable, Ref: ref, Message: reason(err)}
	}
	switch e := exposed(path, info); {
	case e.writers != "":
		return nil, nil, &Error{Kind: KindPermissions, Ref: ref, Message: e.writers + " may write the file" + e.seen, Hint: "take their right away: " + e.fix}
	case e.readers != "":
		warnings = append(warnings, fmt.Sprintf("%s: %s may read the file%s: %s keeps it to its owner", ref, e.readers, e.seen, e.fix))
	}
	return data, warnings, nil
}

// exposure is who else may do what with a file that holds a secret, "" for nobody, by what
// that was seen, and what ends it.
type exposure struct{ writers, readers, seen, fix string }
