package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/codexform/codexform/apply/gateway/loopback"
	"github.com/codexform/codexform/plan"
)

// commands are what stories can say beside testscript's own words.
var commands = map[string]func(*testscript.TestScript, bool, []string){
	"gateway":  withStory((*story).startGateway),
	"shutdown": withStory((*story).stopGateway),
	"fault":    withStory((*story).setFault),
	"fickle":   withStory((*story).revokeAfter),
	"asked":    withStory((*story).checkAsked),
	"snapshot": withStory((*story).snapshot),
	"same":     withStory((*story).checkSame),
	"exits":    exits,
	"terminal": terminalStory,
	"json":     checkJSON,
	"mode":     checkMode,
}

type storyKey struct{}

// story is what one script has set up.
type story struct {
	gateway *loopback.Gateway
	seen    map[string]seen // of snapshot
}

func withStory(do func(*story, *testscript.TestScript, []string)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg {
			ts.Fatalf("there is no ! for this command")
		}
		do(ts.Value(storyKey{}).(*story), ts, args)
	}
}

// startGateway: gateway MODEL… starts a gateway that lists the models, and puts its
// address into the files of the story in place of $ORIGIN.
func (s *story) startGateway(ts *testscript.TestScript, models []string) {
	g, err := loopback.Start(loopback.Config{Keys: []plan.Secret{plan.NewSecret([]byte(goodKey))}, Models: models})
	ts.Check(err)
	ts.Defer(g.Close)
	s.gateway = g
	ts.Setenv("ORIGIN", g.Origin())
	ts.Check(filepath.WalkDir(ts.Getenv("WORK"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(data), "$ORIGIN") {
			return err
		}
		return os.WriteFile(path, []byte(strings.ReplaceAll(string(data), "$ORIGIN", g.Origin())), 0o600)
	}))
}

// stopGateway: shutdown ends the gateway; its port answers no more.
func (s *story) stopGateway(*testscript.TestScript, []string) { s.gateway.Close() }

// setFault: fault NAME makes the gateway misbehave.
func (s *story) setFault(_ *testscript.TestScript, args []string) {
	s.gateway.SetFault(loopback.Fault(args[0]))
}

// revokeAfter: fickle N makes the gateway take the good key, and no key any more after
// N lists.
func (s *story) revokeAfter(ts *testscript.TestScript, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	s.gateway.Accept(plan.NewSecret([]byte(goodKey)))
	s.gateway.RevokeAfter(n)
}

// checkAsked: asked N demands that the gateway has seen N requests so far, all
// with the right path of a model list.
func (s *story) checkAsked(ts *testscript.TestScript, args []string) {
	got := s.gateway.Requests()
	if fmt.Sprint(len(got)) != args[0] {
		ts.Fatalf("the gateway was asked %d times, not %s: %v", len(got), args[0], got)
	}
}

// exits: exits CODE PROGRAM ARG… runs a program that must end with that code. What
// it prints is there for stdout and stderr.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARG…")
	}
	wantCode(ts, args[0], ts.Exec(args[1], args[2:]...))
}

func wantCode(ts *testscript.TestScript, want string, err error) {
	code := 0
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		code = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != want {
		ts.Fatalf("exit code %d, want %s", code, want)
	}
}

// snapshot: snapshot DIR remembers everything below a folder: bytes, modes, times.
func (s *story) snapshot(ts *testscript.TestScript, args []string) { s.seen = look(ts, args[0]) }

// checkSame: same DIR demands that nothing below it has changed since snapshot.
// same -bytes DIR looks at what the files hold, and at their modes, alone.
func (s *story) checkSame(ts *testscript.TestScript, args []string) {
	dir := args[len(args)-1]
	shown := func(f seen) string { return fmt.Sprintf("%+v", f) }
	if args[0] == "-bytes" {
		shown = func(f seen) string { return f.hash + f.mode }
	}
	now := look(ts, dir)
	for path, was := range s.seen {
		if shown(now[path]) != shown(was) {
			ts.Fatalf("%s: was %+v, is %+v", path, was, now[path])
		}
	}
	for path := range now {
		if s.seen[path] == (seen{}) {
			ts.Fatalf("%s: was not there before", path)
		}
	}
}

// seen is one file or folder as a look found it.
type seen struct{ hash, mode, time string }

func look(ts *testscript.TestScript, dir string) map[string]seen {
	root := ts.MkAbs(dir)
	found := map[string]seen{}
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil || d.Name() == "status.json" { // which a run that fails writes too
			return err
		}
		var data []byte
		if d.Type().IsRegular() {
			if data, err = os.ReadFile(path); err != nil {
				return err
			}
		}
		rel, err := filepath.Rel(root, path)
		when := info.ModTime().String()
		if d.Name() == ".codexform" {
			when = ""
		}
		found[rel] = seen{fmt.Sprintf("%x", sha256.Sum256(data)), info.Mode().String(), when}
		return err
	}))
	return found
}

// checkJSON: json FILE PATH=VALUE… demands that the file is one JSON document
// with these values; a PATH is dotted, numbers are indexes, len is a length.
func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("there is no ! for this command")
	}
	var doc any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc); err != nil {
		ts.Fatalf("%s is not one JSON document: %v", args[0], err)
	}
	for _, want := range args[1:] {
		path, value, ok := strings.Cut(want, "=")
		if !ok {
			ts.Fatalf("%q is no PATH=VALUE", want)
		}
		if got := fmt.Sprint(dig(doc, strings.Split(path, "."))); got != value {
			ts.Fatalf("%s: got %s, want %s", path, got, value)
		}
	}
}

func dig(v any, path []string) any {
	if len(path) == 0 {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		return dig(v[path[0]], path[1:])
	case []any:
		if path[0] == "len" {
			return len(v)
		}
		if i, err := strconv.Atoi(path[0]); err == nil && i < len(v) {
			return dig(v[i], path[1:])
		}
	}
	return nil
}

// checkMode: mode FILE 0600 demands permission bits, where there are any.
func checkMode(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	got := fmt.Sprintf("%04o", info.Mode().Perm())
	if runtime.GOOS != "windows" && (got == args[1]) == neg {
		ts.Fatalf("%s has mode %s", args[0], got)
	}
}
