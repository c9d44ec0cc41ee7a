package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// step is one thing done at a place: a "new" file; its text put "before" or "after" the
// line that holds an anchor, or "within" the line behind it; or a test run with -update
// ("by PACKAGE TEST"). Of several anchors each is sought behind the one before.
type step struct {
	path, verb string
	anchors    []string
	text       string
}

func (s step) take(t *testing.T, dir string) {
	t.Helper()
	name := filepath.Join(dir, s.path)
	switch s.verb {
	case "new":
		if _, err := os.Stat(name); err == nil {
			t.Fatalf("%s is there already: give the step another name", s.path)
		}
		write(t, name, s.text)
	case "by":
		words := strings.Fields(s.anchors[0])
		if out, err := (testRun{words[0], words[1:]}).in(dir, "-update"); err != nil {
			t.Fatalf("%s: %v\n%s", s.path, err, out)
		}
	default:
		write(t, name, s.inserted(t, readFile(t, name)))
	}
}

func (s step) inserted(t *testing.T, into string) string {
	t.Helper()
	at, end := 0, 0
	for _, anchor := range s.anchors {
		i := strings.Index(into[end:], anchor)
		if i < 0 {
			t.Fatalf("%s no longer holds %q (of %q): anchor the step in testdata/recipes anew", s.path, anchor, s.anchors)
		}
		at, end = end+i, end+i+len(anchor)
	}
	text := s.text
	switch s.verb {
	case "before":
		end = strings.LastIndexByte(into[:at], '\n') + 1
	case "after":
		end += strings.IndexByte(into[end:], '\n') + 1
	case "within":
		text = strings.TrimSuffix(text, "\n")
	default:
		t.Fatalf("%s: a step cannot be %q", s.path, s.verb)
	}
	return into[:end] + text + into[end:]
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// testRun is tests of one package.
type testRun struct {
	pkg   string
	tests []string
}

// in runs them in a copy. With -trimpath copies share what they build.
func (r testRun) in(dir string, flags ...string) (string, error) {
	tops := make([]string, len(r.tests))
	for i, test := range r.tests {
		tops[i] = strings.ReplaceAll(test, "/", "$/^")
	}
	args := []string{"test", "-trimpath", "-vet=off", "-count=1", "-v", "-run", "^" + strings.Join(tops, "$|^") + "$", r.pkg}
	cmd := exec.Command("go", append(args, flags...)...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	return string(out), err
}
