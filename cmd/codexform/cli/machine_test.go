package cli_test

import (
	"bytes"
	"cmp"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/cmd/codexform/cli"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan/rollout"
	"github.com/codexform/codexform/sources"
)

// machine is a small world with a real disk: one user, one Codex home.
type machine struct {
	t    *testing.T
	user string // the user's home folder
	vars map[string]string
	now  time.Time
	fs   afero.Fs
	args []string // common to every command
	id   string   // what a rollout tells it apart by
	os   string   // "" is linux
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	return &machine{
		t: t, user: t.TempDir(), vars: map[string]string{},
		now: time.Now(), fs: afero.NewOsFs(),
	}
}

func (m *machine) home() string { return filepath.Join(m.user, ".codex") }

// write writes a file below the user's home folder, mode 0600.
func (m *machine) write(name, text string) string {
	m.t.Helper()
	path := filepath.Join(m.user, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
	return path
}

func (m *machine) read(name string) string {
	m.t.Helper()
	data, err := os.ReadFile(filepath.Join(m.user, filepath.FromSlash(name)))
	if err != nil {
		m.t.Fatal(err)
	}
	return string(data)
}

// run runs one command and gives its exit code and what it printed.
func (m *machine) run(args ...string) (code int, stdout, stderr string) {
	m.t.Helper()
	var out, errs bytes.Buffer
	code = cli.Main(m.t.Context(), m.env(&out, &errs, slices.Concat(args, m.args)))
	return code, out.String(), errs.String()
}

func (m *machine) env(out, errs io.Writer, args []string) cli.Env {
	return cli.Env{
		World: sources.World{
			LookupEnv: func(name string) (string, bool) { v, ok := m.vars[name]; return v, ok },
			Environ: func() []string {
				var all []string
				for name, v := range m.vars {
					all = append(all, name+"="+v)
				}
				return all
			},
			Fs: m.fs, Stdin: strings.NewReader(""), Dir: m.user,
			User: "ada", UID: "1000", Home: m.user, Host: "analytical", OS: cmp.Or(m.os, "linux"),
		},
		Args: args, Stdout: out, Stderr: errs,
		Now:   func() time.Time { return m.now },
		Build: ui.Build{Version: "test"},
		Machine: func() rollout.Machine {
			return rollout.Machine{ID: m.id, Host: "analytical"}
		},
	}
}
