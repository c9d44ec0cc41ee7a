// Package way walks to a file as the kernel does: name by name, and through each link.
package way

import (
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// mostLinks is how many links are followed on one way, as many as Linux follows.
const mostLinks = 40

// ErrLinks says that a way leads through more than 40 links, as a circle of them does.
var ErrLinks = errors.New("too many links on the way")

// Step is one name on a way: a folder, a link, or what the way ends at.
type Step struct {
	// Path is the name in its folder In, which no link leads to.
	Path, In string
	Info     fs.FileInfo // of the name itself, not of what a link leads to
}

// To walks to an absolute path, from the root. It ends with an error and the step that it
// is about, without Info, where a name or a link cannot be looked at, or with ErrLinks.
func To(path string) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		in, left := "/", Names(path)
		for links := 0; len(left) > 0; {
			s := Step{Path: filepath.Join(in, left[0]), In: in}
			left = left[1:]
			info, err := os.Lstat(s.Path)
			if err != nil {
				yield(s, err)
				return
			}
			if s.Info = info; !yield(s, nil) {
				return
			}
			if info.Mode()&fs.ModeSymlink == 0 {
				in = s.Path
				continue
			}
			target, err := os.Readlink(s.Path)
			if links++; err == nil && links > mostLinks {
				err = ErrLinks
			}
			if err != nil {
				yield(Step{Path: s.Path, In: in}, err)
				return
			}
			if left = append(Names(target), left...); filepath.IsAbs(target) {
				in = "/"
			}
		}
	}
}

// Names are the names of a path, ".." among them: behind a link it means another folder.
func Names(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == filepath.Separator })
}
