package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/afero"

	"github.com/codexform/codexform/cmd/codexform/cli"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/tomlfile"
	"github.com/codexform/codexform/sources"
)

const corpus = "../../plan/tomlfile/testdata/corpus"

// corpusCase is one case of cases.json, whose rules stand on top of that file.
type corpusCase struct {
	ID, Name, File, Expect, Want string
	Edits                        []struct {
		Op    string
		Path  []string
		Value json.RawMessage
	}
}

// TestCorpus puts every case of the editors' corpus through the whole program: a
// YAML that says the edits, apply, apply again, and destroy. The figures may not fall.
func TestCorpus(t *testing.T) {
	var file struct{ Cases []corpusCase }
	data, err := os.ReadFile(filepath.Join(corpus, "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	right, back, edited := 0, 0, 0
	for _, c := range file.Cases {
		t.Run(c.ID+"-"+c.Name, func(t *testing.T) {
			h := newCorpusHome(t, c)
			h.applies(c)
			if t.Failed() {
				return
			}
			right++
			if c.Expect == "refuse" || bytes.Equal(h.config(), h.before) {
				return
			}
			edited++
			if want := c.ID == "170" || c.ID == "033"; h.loses != want { // of 033, what follows a flag
				t.Errorf("the plan says that something will not come back: %v, want %v", h.loses, want)
			}
			h.run(0, "destroy", "--auto-approve", "--codex-home", h.home)
			if h.loses {
				return
			}
			if diff := cmp.Diff(string(h.before), string(h.config())); diff != "" {
				t.Errorf("destroy (-before +after):\n%s", diff)
				return
			}
			back++
		})
	}
	t.Logf("%d of %d cases right; %d of %d changed files are byte for byte as before after destroy", right, len(file.Cases), back, edited)
	if len(file.Cases) < 122 {
		t.Errorf("the corpus has lost cases: %d", len(file.Cases))
	}
}

// corpusHome is a Codex home with one case's config.toml.
type corpusHome struct {
	t      *testing.T
	home   string
	before []byte
	loses  bool // the plan takes what may be a secret, and says so
}

func newCorpusHome(t *testing.T, c corpusCase) *corpusHome {
	before, err := os.ReadFile(filepath.Join(corpus, c.File))
	if err != nil {
		t.Fatal(err)
	}
	h := &corpusHome{t: t, home: t.TempDir(), before: before}
	if err := os.WriteFile(filepath.Join(h.home, "config.toml"), before, 0o600); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *corpusHome) config() []byte {
	h.t.Helper()
	data, err := os.ReadFile(filepath.Join(h.home, "config.toml"))
	if err != nil {
		h.t.Fatal(err)
	}
	return data
}

// applies runs the case and wants what it says.
func (h *corpusHome) applies(c corpusCase) {
	h.t.Helper()
	policy := filepath.Join(h.t.TempDir(), "codex.yaml")
	if err := os.WriteFile(policy, c.policy(), 0o600); err != nil {
		h.t.Fatal(err)
	}
	args := []string{"apply", "--auto-approve", "--codex-home", h.home, "-f", policy}
	if c.Expect == "refuse" {
		h.run(1, args...)
		if !bytes.Equal(h.config(), h.before) {
			h.t.Error("a refused file has changed")
		}
		return
	}
	h.loses = strings.Contains(h.run(0, "plan", "--codex-home", h.home, "-f", policy), "this will not come back")
	h.run(0, args...)
	h.wants(c)
	after := h.config()
	if out := h.run(0, args...); !strings.Contains(out, "Nothing to do") || !bytes.Equal(h.config(), after) {
		h.t.Errorf("the second apply does something:\n%s", out)
	}
}

func (h *corpusHome) wants(c corpusCase) {
	h.t.Helper()
	switch c.Expect {
	case "unchanged":
		if !bytes.Equal(h.config(), h.before) {
			h.t.Error("the file has changed")
		}
	case "semantic": // the bytes are the editors' tests' business
		doc, err := tomlfile.Parse(h.config())
		if err != nil {
			h.t.Fatal(err)
		}
		for _, e := range c.Edits {
			var want plan.Value
			if err := json.Unmarshal(append([]byte{}, e.Value...), &want); e.Op == "set" && err != nil {
				h.t.Fatal(err)
			}
			if got := (plan.Config{Root: doc.Root}).Get(e.Path); !got.Equal(want) {
				h.t.Errorf("%v: got %s, want %s", e.Path, got, want)
			}
		}
	default:
		want, err := os.ReadFile(filepath.Join(corpus, c.Want))
		if err != nil {
			h.t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(h.config())); diff != "" {
			h.t.Errorf("-want +got:\n%s", diff)
		}
	}
}

// run runs the program in this process and demands an exit code.
func (h *corpusHome) run(code int, args ...string) string {
	h.t.Helper()
	var out bytes.Buffer
	env := cli.Env{
		World: sources.World{
			LookupEnv: func(string) (string, bool) { return "", false },
			Fs:        afero.NewOsFs(), Stdin: strings.NewReader(""), OS: runtime.GOOS, Home: filepath.Dir(h.home),
		},
		Args: args, Stdout: &out, Stderr: &out, Now: time.Now,
	}
	if got := cli.Main(h.t.Context(), env); got != code {
		h.t.Fatalf("codexform %q: exit %d, want %d\n%s", args, got, code, out.String())
	}
	return out.String()
}

// policy is the YAML that says the edits of a case.
func (c corpusCase) policy() []byte {
	settings, absent := &branch{}, [][]string{}
	for _, e := range c.Edits {
		if e.Op == "set" {
			settings.add(e.Path, e.Value)
		} else {
			absent = append(absent, e.Path)
		}
	}
	out := []byte("version: 1\n")
	if len(settings.names) > 0 {
		out = append(append(append(out, "settings: "...), settings.json()...), '\n')
	}
	if len(absent) > 0 {
		list, err := json.Marshal(absent)
		if err != nil {
			panic(err)
		}
		out = append(append(append(out, "absent: "...), list...), '\n')
	}
	return out
}

// branch is a JSON object that keeps its order.
type branch struct {
	names []string
	below map[string]*branch
	value json.RawMessage // of a leaf
}

func (b *branch) add(path []string, value json.RawMessage) {
	if len(path) == 0 {
		b.value = value
		return
	}
	if b.below == nil {
		b.below = map[string]*branch{}
	}
	next, ok := b.below[path[0]]
	if !ok {
		next = &branch{}
		b.below[path[0]] = next
		b.names = append(b.names, path[0])
	}
	next.add(path[1:], value)
}

func (b *branch) json() []byte {
	if b.value != nil {
		return b.value
	}
	out := []byte("{")
	for i, name := range b.names {
		if i > 0 {
			out = append(out, ',', ' ')
		}
		key, err := json.Marshal(name)
		if err != nil {
			panic(err)
		}
		out = append(append(append(out, key...), ':', ' '), b.below[name].json()...)
	}
	return append(out, '}')
}
