package commit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The content of tests. The key's name is there for canaries to find.
const (
	oldConfig = "base_url = \"https://old.example\"\n"
	newConfig = "base_url = \"https://new.example\"\n"
	oldAuth   = `{"OPENAI_API_KEY":"sk-old-CANARY"}`
	newAuth   = `{"OPENAI_API_KEY":"sk-new-CANARY"}`
	login     = `{"tokens":{"refresh_token":"theirs"}}`
	edit      = "# theirs\n"
)

// tree maps paths below a folder to contents; "dir/" and "-> target" stand for
// folders and links, and no value is looked at for a lock.
type tree map[string]string

// plant writes a tree.
func plant(t *testing.T, dir string, files tree) {
	t.Helper()
	for path, content := range files {
		path = filepath.Join(dir, path)
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		if target, ok := strings.CutPrefix(content, "-> "); ok {
			must(t, os.Symlink(target, path))
		} else {
			must(t, os.WriteFile(path, []byte(content), 0o600))
		}
	}
}

// harvest reads a tree back, empty lock files left out.
func harvest(t *testing.T, dir string) tree {
	t.Helper()
	files := tree{}
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		rel = filepath.ToSlash(rel)
		switch {
		case err != nil || d.IsDir() || strings.HasSuffix(rel, "lock"), filepath.Base(rel) == gitIgnoreName:
			return err
		case d.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			files[rel] = "-> " + target
			return err
		}
		b, err := os.ReadFile(path)
		files[rel] = string(b)
		return err
	}))
	return files
}

func wantTree(t *testing.T, dir string, want tree) {
	t.Helper()
	if diff := cmp.Diff(want, harvest(t, dir)); diff != "" {
		t.Errorf("files in %s (-want +got):\n%s", dir, diff)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// oldHome is a home in the old state.
func oldHome(t *testing.T) string {
	t.Helper()
	home := filepath.Join(t.TempDir(), "codex")
	plant(t, home, tree{"config.toml": oldConfig, "auth.json": oldAuth, ".codexform/ledger.json": "{0}", ".codexform/history.jsonl": "{}\n"})
	return home
}

// The two states of a home that a change is between.
var (
	oldTree = tree{"config.toml": oldConfig, "auth.json": oldAuth, ".codexform/ledger.json": "{0}", ".codexform/history.jsonl": "{}\n"}
	newTree = tree{"config.toml": newConfig, "auth.json": newAuth, ".codexform/ledger.json": "{1}", ".codexform/history.jsonl": "{}\n{\"n\":1}\n"}
)

// with is a tree with some other contents; "" leaves a file out.
func (tr tree) with(others tree) tree {
	all := tree{}
	for path, content := range tr {
		all[path] = content
	}
	for path, content := range others {
		if all[path] = content; content == "" {
			delete(all, path)
		}
	}
	return all
}

func open(t *testing.T, home string) *Session {
	t.Helper()
	s, err := Open(Options{Home: home, Origin: origin, Now: func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }})
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// origin is the host of a config.toml of the tests.
func origin(config []byte) string {
	_, rest, _ := strings.Cut(string(config), "https://")
	host, _, _ := strings.Cut(rest, "\"")
	return host
}

// locked is a session that may write, after recovery.
func locked(t *testing.T, home string) (*Session, Recovered) {
	t.Helper()
	s := open(t, home)
	must(t, s.Lock(t.Context()))
	r, err := s.Recover(t.Context())
	must(t, err)
	return s, r
}

// change is the new state.
func change(t *testing.T, s *Session, order Order) Change {
	t.Helper()
	st, err := s.Read()
	must(t, err)
	return Change{
		Before:     st,
		Config:     &File{Data: []byte(newConfig), Mode: st.Config.Mode},
		Auth:       &File{Data: []byte(newAuth)},
		StateFiles: StateFiles{Ledger: []byte("{1}"), History: []byte(`{"n":1}`)},
		Order:      order,
	}
}

// switched puts the new state in place, uncommitted.
func switched(t *testing.T, s *Session, order Order) *Switched {
	t.Helper()
	sw, err := s.Switch(t.Context(), change(t, s, order))
	must(t, err)
	return sw
}

// kill drops a session as the kernel does with a killed process.
func (s *Session) kill() {
	s.lock.Close()
	s.lock = nil
	s.Close()
}

func wantError[E error](t *testing.T, err error) E {
	t.Helper()
	var want E
	if !errors.As(err, &want) {
		t.Fatalf("got error %v, want a %T", err, want)
	}
	return want
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path+".tmp", append(b, text...), 0o600))
	must(t, os.Rename(path+".tmp", path))
}
