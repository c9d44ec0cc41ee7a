// Commitdemo applies one fixed change through package commit, so that the commit
// layer can be broken at every call without the rest of the program.
//
//	commitdemo [flags] apply|undo|recover HOME
//	commitdemo [flags] -careless write|rename apply HOME
//
// The files of the new state lie in the folder -to. What somebody else has appended
// to config.toml or added to auth.json since -from stays. Exit codes are those of
// codexform.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"github.com/codexform/codexform/apply/commit"
)

type demo struct {
	from, to string
	order    commit.Order
	manner   string // of a careless writer; "" for package commit
	session  *commit.Session
}

func main() {
	var d demo
	flag.StringVar(&d.from, "from", "", "folder with the old files")
	flag.StringVar(&d.to, "to", "", "folder with the new files")
	order := flag.String("order", string(commit.SameOrigin), "order of the switch")
	flag.StringVar(&d.manner, "careless", "", "write or rename: without package commit, as careless programs do")
	flag.Parse()
	d.order = commit.Order(*order)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := d.run(ctx, flag.Arg(0), flag.Arg(1))
	if err != nil {
		fmt.Fprintln(os.Stderr, "commitdemo:", err)
	}
	code := exitCode(err)
	if ctx.Err() != nil && code < 2 {
		code = 130
	}
	stop()
	os.Exit(code)
}

func exitCode(err error) int {
	var state *commit.StateError
	switch {
	case err == nil, errors.As(err, &state) && state.InForce == commit.New:
		return 0
	case errors.As(err, &state) && state.InForce == commit.HalfWay:
		return 8
	case errors.As(err, new(*commit.ConflictError)):
		return 6
	case errors.As(err, new(*commit.LockedError)):
		return 7
	}
	return 1
}

func (d *demo) run(ctx context.Context, what, home string) error {
	if d.manner != "" {
		return d.careless(home)
	}
	s, err := commit.Open(commit.Options{Home: home, LockTimeout: 10 * time.Second, Origin: host})
	if err != nil {
		return err
	}
	defer s.Close()
	d.session = s
	if what == "recover" && !s.Interrupted() {
		return nil
	}
	if !s.Interrupted() {
		st, err := s.Read()
		if err != nil || d.applied(st) {
			return err
		}
	}
	if err := s.Lock(ctx); err != nil {
		return err
	}
	if _, err := s.Recover(ctx); err != nil || what == "recover" {
		return err
	}
	for range 5 {
		err = d.attempt(ctx, what)
		if !errors.As(err, new(*commit.ConflictError)) {
			break
		}
	}
	return err
}

func (d *demo) attempt(ctx context.Context, what string) error {
	st, err := d.session.Read()
	if err != nil || d.applied(st) {
		return err
	}
	t, err := d.session.Switch(ctx, d.change(st, d.from, d.to))
	if err != nil {
		return err
	}
	back, err := t.Read()
	if err == nil && !d.applied(back) {
		err = errors.New("what was written is not what is read")
	}
	if err == nil && what == "apply" && ctx.Err() == nil {
		return d.commit(t)
	}
	undone := t.Undo(ctx, func(now commit.State) (commit.Change, error) {
		return d.change(now, d.to, d.from), nil
	})
	return errors.Join(err, undone)
}

// commit looks once more after the commit, as the program does.
func (d *demo) commit(t *commit.Switched) error {
	if err := t.Commit(); err != nil {
		return err
	}
	now, err := d.session.Read()
	if err == nil && !d.applied(now) {
		return &commit.ConflictError{Path: now.Config.Path}
	}
	return err
}

var baseURL = regexp.MustCompile(`(?m)^base_url *= *"([^"]*)"`)

// host is where a config.toml sends the key.
func host(config []byte) string { return string(baseURL.Find(config)) }

func (d *demo) read(folder, name string) []byte {
	b, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		panic(err)
	}
	return b
}

// applied reports whether both files are as in the new state, edits apart.
func (d *demo) applied(st commit.State) bool {
	return same(st.Config, d.read(d.to, "config.toml")) && same(st.Auth, d.read(d.to, "auth.json")) &&
		(!st.Auth.Exists || st.Auth.Mode == 0o600)
}

func same(f commit.FileState, want []byte) bool {
	if want == nil {
		return !f.Exists || string(f.Data) == "{"+addedMember+"}\n"
	}
	return bytes.HasPrefix(f.Data, want) || bytes.Equal(strip(f.Data), want)
}

// What somebody else adds: a line at the end of config.toml, a member in front of
// auth.json.
const (
	addedLine   = "# an edit\n"
	addedMember = `"last_refresh":"an edit"`
)

func strip(auth []byte) []byte { return bytes.ReplaceAll(auth, []byte(addedMember+","), nil) }

func (d *demo) change(st commit.State, from, to string) commit.Change {
	ledger := d.read(to, ".codexform/ledger.json")
	if ledger == nil {
		ledger = []byte{}
	}
	return commit.Change{
		Before:     st,
		Config:     d.file(st.Config, from, to, "config.toml"),
		Auth:       d.file(st.Auth, from, to, "auth.json"),
		Order:      d.order,
		StateFiles: commit.StateFiles{Ledger: ledger, History: []byte(`{"n":1}`)},
	}
}

// file is what becomes of one file: the new content, with what others added to the
// old one.
func (d *demo) file(now commit.FileState, from, to, name string) *commit.File {
	old, data := d.read(from, name), d.read(to, name)
	switch {
	case bytes.Contains(now.Data, []byte(addedMember)) && data == nil:
		data = []byte("{" + addedMember + "}\n")
	case bytes.Contains(now.Data, []byte(addedMember)):
		data = bytes.Replace(data, []byte("{"), []byte("{"+addedMember+","), 1)
	case bytes.HasSuffix(now.Data, []byte(addedLine)) && bytes.HasPrefix(now.Data, data):
		data = now.Data // they have brought it back themselves
	case bytes.HasSuffix(now.Data, []byte(addedLine)):
		data = append(bytes.Clone(data), now.Data[len(old):]...)
	}
	info, err := os.Stat(filepath.Join(to, name))
	mode := uint32(0o600)
	if err == nil {
		mode = uint32(info.Mode().Perm())
	}
	return &commit.File{Data: data, Mode: mode, Remove: len(data) == 0}
}
