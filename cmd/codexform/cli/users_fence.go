package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/cmd/codexform/users"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/stall"
)

// once calls f at the first call, and gives what it gave at every one.
func once(f func() (plan.Desired, []string, error)) func() (plan.Desired, []string, error) {
	var (
		do       sync.Once
		d        plan.Desired
		warnings []string
		err      error
	)
	return func() (plan.Desired, []string, error) {
		do.Do(func() { d, warnings, err = f() })
		return d, warnings, err
	}
}

func newStdin(data []byte) io.Reader { return bytes.NewReader(data) }

// fence keeps root out of homes. What lies there its owner can turn into anything, at
// any moment.
type fence struct {
	dir string // where relative names start

	mu     sync.Mutex
	homes  map[string]string         // whose home a folder is
	people map[uint32]*users.Account // who has a number, nil where nobody has

	whose func(uid uint32) (users.Account, bool)
	owner func(path string) (uint32, bool)
	same  func(home, dir string) bool
}

func newFence(ctx context.Context, dir string) (*fence, error) {
	all, err := users.All(ctx)
	if err != nil {
		return nil, &usageError{err}
	}
	f := &fence{homes: map[string]string{}, people: map[uint32]*users.Account{}, dir: dir, owner: users.Owner, same: sameFolder}
	f.whose = func(uid uint32) (users.Account, bool) {
		a, err := users.FindID(ctx, uid)
		return a, err == nil
	}
	for _, a := range all {
		f.add(a)
	}
	return f, nil
}

// add keeps root out of an account's home.
func (f *fence) add(a users.Account) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.put(a)
}

func (f *fence) put(a users.Account) {
	if a.UID != 0 && a.Homeless() == "" {
		f.homes[filepath.Clean(a.Home)] = a.Name
		f.people[a.UID] = &a
	}
}

// home is whose home a folder is. A directory service need not list what it knows, and
// a home may have a second name, by a link or a mount: so the owner of a folder is asked
// for where it is not root.
func (f *fence) home(dir string) (name string, is bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if name, is := f.homes[dir]; is {
		return name, true
	}
	uid, found := f.owner(dir)
	if !found || uid == 0 {
		return "", false
	}
	if owner := f.person(uid); owner != nil && (f.homes[dir] != "" || f.same(owner.Home, dir)) {
		f.homes[dir] = owner.Name
	}
	name, is = f.homes[dir]
	return name, is
}

// person is the account of a number, nil where there is none.
func (f *fence) person(uid uint32) *users.Account {
	if _, asked := f.people[uid]; !asked {
		f.people[uid] = nil
		if a, ok := f.whose(uid); ok {
			f.put(a)
		}
	}
	return f.people[uid]
}

// sameFolder reports whether a folder is somebody's home by another name.
func sameFolder(home, dir string) bool {
	a, err := os.Stat(home)
	b, err2 := os.Lstat(dir)
	return err == nil && err2 == nil && os.SameFile(a, b)
}

// fenceError is a path that leads below a home.
type fenceError struct{ owner string }

func (e *fenceError) Error() string {
	return "lies below the home of " + e.owner + ", where root opens nothing for other users: move it to a folder of root's"
}

// maxLinks is how many links are followed from one name.
const maxLinks = 40

// check follows a name step by step, and stops before the first step into a home.
func (f *fence) check(name string) error {
	if !filepath.IsAbs(name) {
		name = filepath.Join(f.dir, name)
	}
	at, left, links := "/", steps(name), 0
	for len(left) > 0 {
		next := filepath.Join(at, left[0])
		left = left[1:]
		if owner, ok := f.home(next); ok {
			return &fenceError{owner}
		}
		target, err := os.Readlink(next)
		if err != nil {
			at = next
			continue
		}
		if links++; links > maxLinks {
			return errors.New("leads through too many links")
		}
		if filepath.IsAbs(target) {
			at = "/"
		}
		left = append(steps(target), left...)
	}
	return nil
}

// steps are the parts of a name, ".." among them: after a link it means another folder.
func steps(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return r == filepath.Separator })
}

// judge refuses the paths of a policy's source, and of the certificates that a request
// for it trusts, where they lead into a home.
func (f *fence) judge(env Env, paths []string) error {
	for _, path := range paths {
		look := stall.Enter(stall.Look, "", path)
		err := f.check(path)
		look.Leave()
		if err != nil {
			return &usageError{fmt.Errorf("the secret needs %s, which %w", path, err)}
		}
	}
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR", "CODEX_CA_CERTIFICATE", "VAULT_CACERT", "VAULT_CAPATH", "VAULT_CLIENT_CERT", "VAULT_CLIENT_KEY"} {
		path := env.getenv(name)
		if path == "" {
			continue
		}
		look := stall.Enter(stall.Look, "", path)
		err := f.check(path)
		look.Leave()
		if err != nil {
			return &usageError{fmt.Errorf("%s is %s, which %w", name, path, err)}
		}
	}
	return nil
}

// around is a file system without what is behind the fence.
func (f *fence) around(inner afero.Fs) afero.Fs { return fenced{inner, f} }

type fenced struct {
	afero.Fs
	fence *fence
}

func (f fenced) Open(name string) (afero.File, error) {
	if err := f.fence.check(name); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return f.Fs.Open(name)
}

func (f fenced) OpenFile(name string, flag int, mode os.FileMode) (afero.File, error) {
	if err := f.fence.check(name); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return f.Fs.OpenFile(name, flag, mode)
}

func (f fenced) Stat(name string) (os.FileInfo, error) {
	if err := f.fence.check(name); err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	return f.Fs.Stat(name)
}

// policyFiles reads the files of a desired state, and keeps them: they are read once
// for all users.
type policyFiles struct {
	afero.Fs
	copies afero.Fs
	kept   []users.File
	whole  bool // the desired state is read: what is opened now is something else
}

// Stat knows what is kept.
func (p *policyFiles) Stat(name string) (os.FileInfo, error) {
	if info, err := p.copies.Stat(name); err == nil && p.whole && !info.IsDir() {
		return info, nil
	}
	return p.Fs.Stat(name)
}

// OpenFile keeps what it opens until the desired state is read. After that, secrets
// are, and nothing of theirs is kept.
func (p *policyFiles) OpenFile(name string, flag int, mode os.FileMode) (afero.File, error) {
	if p.whole {
		if info, err := p.copies.Stat(name); err == nil && !info.IsDir() {
			return p.copies.Open(name)
		}
		return p.Fs.OpenFile(name, flag, mode)
	}
	f, err := p.Fs.OpenFile(name, flag, mode)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	data, err := bounded.All(f, 64<<10)
	if err != nil && !bounded.Refused(err) {
		return nil, err
	}
	if len(data) == 64<<10 && err != nil {
		return nil, err
	}
	file := users.File{Name: name, Mode: info.Mode().Perm(), Data: data}
	p.kept = append(p.kept, file)
	if err := place(p.copies, file); err != nil {
		return nil, err
	}
	return p.copies.Open(name)
}

func (p *policyFiles) files() []users.File { return p.kept }

func place(to afero.Fs, f users.File) error {
	if err := to.MkdirAll(filepath.Dir(f.Name), 0o700); err != nil {
		return err
	}
	return afero.WriteFile(to, f.Name, f.Data, f.Mode)
}
