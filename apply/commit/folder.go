package commit

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/codexform/codexform/plan/stall"
	"github.com/codexform/codexform/plan/way"
)

// maxFile bounds what is read of one file, in bytes.
const maxFile = 4 << 20

// folder is a directory held open: whatever happens to its path, every name below
// is a single component in this very directory, and no link is followed.
type folder struct {
	path string   // for messages and for the intent
	root *os.Root // names in it
	self *os.File // the directory itself, for sync and exchange

	public bool // the machine's: everybody may read what is made in it
}

func openFolder(path string) (*folder, error) {
	defer stall.Enter(stall.Look, "", path).Leave()
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, bare(err)
	}
	return newFolder(root, path)
}

func newFolder(root *os.Root, path string) (*folder, error) {
	self, err := root.Open(".")
	if err != nil {
		root.Close()
		return nil, bare(err)
	}
	return &folder{path: path, root: root, self: self}, nil
}

// openStraight opens a folder step by step, and follows no link.
func openStraight(path string) (*folder, error) {
	d, err := openFolder(string(filepath.Separator))
	for _, name := range way.Names(path) {
		if err != nil {
			return nil, err
		}
		above := d
		d, err = above.sub(name)
		above.close()
	}
	return d, err
}

// sub opens a folder inside f, which must not be a symlink.
func (f *folder) sub(name string) (*folder, error) {
	defer stall.Enter(stall.Look, f.path, name).Leave()
	if info, err := f.root.Lstat(name); err != nil {
		return nil, bare(err)
	} else if !info.IsDir() {
		return nil, errIrregular
	}
	root, err := f.root.OpenRoot(name)
	if err != nil {
		return nil, bare(err)
	}
	d, err := newFolder(root, filepath.Join(f.path, name))
	if err != nil {
		return nil, err
	}
	d.public = f.public
	if err := f.isStill(name, d.self); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (f *folder) close() {
	if f != nil {
		f.self.Close()
		f.root.Close()
	}
}

// errIrregular is a name that is there but is not a regular file.
var errIrregular = errors.New("is not a regular file")

// errTooLarge is a file of more than maxFile bytes.
var errTooLarge = errors.New("is larger than 4 MiB")

// open opens a regular file for reading. It never blocks, never follows a link, and
// does not so much as open anything else.
func (f *folder) open(name string) (*os.File, fs.FileInfo, error) {
	defer stall.Enter(stall.Look, f.path, name).Leave()
	if info, err := f.root.Lstat(name); err != nil {
		return nil, nil, bare(err)
	} else if !info.Mode().IsRegular() {
		return nil, nil, errIrregular
	}
	file, err := f.root.OpenFile(name, os.O_RDONLY|openNoBlock, 0)
	if err != nil {
		return nil, nil, bare(err)
	}
	info, err := file.Stat()
	if err == nil {
		err = f.isStill(name, file)
	}
	if err != nil {
		file.Close()
		return nil, nil, bare(err)
	}
	return file, info, nil
}

// errMoved is a name that led to another file a moment ago.
var errMoved = errors.New("was replaced while it was being read")

// isStill checks that the name itself, not a link behind it, is the opened file.
func (f *folder) isStill(name string, file *os.File) error {
	there, err := f.root.Lstat(name)
	if err != nil {
		return errMoved
	}
	if there.Mode()&fs.ModeSymlink != 0 {
		return errIrregular
	}
	here, err := file.Stat()
	if err == nil && !os.SameFile(there, here) {
		err = errMoved
	}
	return err
}

// read reads a regular file whole, and again when someone wrote to it meanwhile.
func (f *folder) read(name string) (data []byte, info fs.FileInfo, err error) {
	return f.readAnd(name, func(*os.File) {})
}

// readAnd is read, with a look at the open file.
func (f *folder) readAnd(name string, look func(*os.File)) (data []byte, info fs.FileInfo, err error) {
	for range 10 {
		err = whileInUse(func() error {
			data, info, err = f.readOnce(name, look)
			return err
		})
		if !errors.Is(err, errMoved) {
			break
		}
	}
	return data, info, err
}

func (f *folder) readOnce(name string, look func(*os.File)) ([]byte, fs.FileInfo, error) {
	defer stall.Enter(stall.Look, f.path, name).Leave()
	file, before, err := f.open(name)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	look(file)
	if before.Size() > maxFile {
		return nil, nil, errTooLarge
	}
	data := make([]byte, before.Size())
	if _, err := io.ReadFull(file, data); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, nil, errMoved
	} else if err != nil {
		return nil, nil, bare(err)
	}
	after, err := file.Stat()
	if err != nil {
		return nil, nil, bare(err)
	}
	if int64(len(data)) != after.Size() || !after.ModTime().Equal(before.ModTime()) {
		return nil, nil, errMoved
	}
	return data, described(file, after), nil
}

// has reports whether there is anything of that name. When that cannot be told,
// there is: whoever goes on will meet the error.
func (f *folder) has(name string) bool {
	defer stall.Enter(stall.Look, f.path, name).Leave()
	_, err := f.root.Lstat(name)
	return !errors.Is(err, fs.ErrNotExist)
}

// names are the names in the folder.
func (f *folder) names() ([]string, error) {
	defer stall.Enter(stall.Look, f.path, ".").Leave()
	dir, err := f.root.Open(".")
	if err != nil {
		return nil, bare(err)
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	return names, bare(err)
}

// create makes a new file that nobody else can read from its first byte on, or, in a
// folder of the machine's, nobody else can write.
func (f *folder) create(name string) (*os.File, error) {
	file, err := createPrivate(f, name)
	return file, bare(err)
}

// remove removes a file; that it is gone already is fine.
func (f *folder) remove(name string) error {
	err := unlink(f, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return bare(err)
}

// drop removes a file if it is there.
func (f *folder) drop(name string) error {
	if !f.has(name) {
		return nil
	}
	return f.remove(name)
}

// replace renames a file over whatever has the other name.
func (f *folder) replace(from, to string) error { return bare(rename(f, from, to)) }

// sync makes the names in the folder durable.
func (f *folder) sync() error {
	defer stall.Enter(stall.Change, f.path, ".").Leave()
	return bare(syncFolder(f.self))
}

// bare is an error without the path that the standard library wraps around it:
// names of temporary files tell nobody anything.
func bare(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
