//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// verdict collects what is wrong with what a run has left.
type verdict struct {
	scene
	dir, home string
	bad       []string

	config, auth string // old, new, same, none, torn
	ledger       string // old, new
	leftovers    []string
}

func check(dir, home string) (bool, error) {
	v := &verdict{dir: dir, home: home}
	b, err := os.ReadFile(filepath.Join(dir, "case.json"))
	if err == nil {
		err = json.Unmarshal(b, &v.scene)
	}
	if err != nil {
		return false, err
	}
	v.look()
	class := v.class()
	v.judge(class)
	if len(v.bad) > 0 {
		class = strings.Join(append([]string{class}, v.bad...), "+")
	}
	fmt.Printf("%s config=%s auth=%s ledger=%s left=%v\n", class, v.config, v.auth, v.ledger, v.leftovers)
	return len(v.bad) == 0, nil
}

func read(dir, name string) []byte {
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil
	}
	return b
}

// kind says which of its two contents a file has, edits by others left aside.
func (v *verdict) kind(name string, strip func([]byte) []byte) string {
	was, is := read(filepath.Join(v.dir, "old"), name), read(filepath.Join(v.dir, "new"), name)
	have := strip(read(v.home, name))
	switch {
	case bytes.Equal(was, is) && bytes.Equal(have, is):
		return v.same(name)
	case have == nil && was == nil:
		return "old"
	case have == nil && is == nil:
		return "new"
	case have == nil:
		return "none"
	case bytes.Equal(have, was):
		return "old"
	case bytes.Equal(have, is):
		return "new"
	}
	return "torn"
}

// same tells old from new by the mode, where only that differs.
func (v *verdict) same(name string) string {
	was, is := mode(filepath.Join(v.dir, "old", name)), mode(filepath.Join(v.dir, "new", name))
	switch have := mode(filepath.Join(v.home, name)); {
	case was == is:
		return "same"
	case have == was:
		return "old"
	case have == is:
		return "new"
	}
	return "torn"
}

func mode(path string) fs.FileMode {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Mode().Perm()
}

// authKind is kind for an auth.json that somebody else writes to as well: what
// counts is the key.
func (v *verdict) authKind() string {
	if os.Getenv("CW_MARK") == "" {
		return v.kind("auth.json", func(b []byte) []byte { return b })
	}
	mark, _ := os.ReadFile(os.Getenv("CW_MARK"))
	was, is := keyOf(read(filepath.Join(v.dir, "old"), "auth.json")), keyOf(read(filepath.Join(v.dir, "new"), "auth.json"))
	have := read(v.home, "auth.json")
	switch key := keyOf(have); {
	case have != nil && !json.Valid(have):
		return "torn"
	case was == is && key == is:
		return "same"
	case key == was:
		return "old"
	case key == is:
		return "new"
	case key == "" && string(mark) == "auth-made":
		return "old" // they found no auth.json: what they made of that is theirs
	case key == "":
		return "none"
	}
	return "torn"
}

func (v *verdict) look() {
	v.config = v.kind("config.toml", func(b []byte) []byte {
		for bytes.HasSuffix(b, []byte(addedLine)) {
			b = bytes.TrimSuffix(b, []byte(addedLine))
		}
		return b
	})
	v.auth = v.authKind()
	v.ledger = "new"
	old := read(filepath.Join(v.dir, "old"), ".codexform/ledger.json")
	have := read(v.home, ".codexform/ledger.json")
	if bytes.Equal(have, old) {
		v.ledger = "old"
	} else if !v.LooseLedger && !bytes.Equal(have, read(filepath.Join(v.dir, "new"), ".codexform/ledger.json")) {
		v.ledger = "torn"
	}
	v.walk()
}

// known are the names that may lie in a home for good.
var known = regexp.MustCompile(`^(config\.toml|auth\.json|auth\.lock|auth\.json\.lock|\.codexform|\.codexform/(\.gitignore|lock|ledger\.json|history\.jsonl|status\.json))$`)

// walk looks for files of ours that should not be there, and for keys that others
// may read.
func (v *verdict) walk() {
	filepath.WalkDir(v.home, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(v.home, path)
		if err != nil || rel == "." {
			return nil
		}
		if !known.MatchString(rel) {
			v.leftovers = append(v.leftovers, rel)
		}
		if d.Type().IsRegular() && mode(path)&0o077 != 0 && bytes.Contains(read(v.home, rel), []byte("sk-")) && !v.wasWide(rel) {
			v.bad = append(v.bad, "READABLE")
		}
		return nil
	})
}

// wasWide reports that a file is the old auth.json, which others could read before.
func (v *verdict) wasWide(rel string) bool {
	old := filepath.Join(v.dir, "old")
	return mode(filepath.Join(old, "auth.json"))&0o077 != 0 && bytes.Equal(read(v.home, rel), read(old, "auth.json"))
}

// modes looks, in the middle of a run, for a key that others may read.
func modes(home, bad string) error {
	v := &verdict{home: home}
	v.walk()
	if len(v.bad) > 0 {
		return os.WriteFile(bad, nil, 0o600)
	}
	return nil
}

func (v *verdict) class() string {
	is := func(s, want string) bool { return s == want || s == "same" }
	switch {
	case v.config == "torn" || v.auth == "torn" || v.ledger == "torn":
		return "TORN"
	case is(v.config, "new") && is(v.auth, "new"):
		return "NEW"
	case is(v.config, "old") && is(v.auth, "old"):
		return "OLD"
	}
	return "BETWEEN"
}

var baseURL = regexp.MustCompile(`(?m)^base_url *= *"([^"]*)"`)

func keyOf(auth []byte) string {
	var members struct {
		Key string `json:"OPENAI_API_KEY"`
	}
	json.Unmarshal(auth, &members)
	return members.Key
}

// crossed reports a key beside a host that it is not for.
func (v *verdict) crossed() bool {
	host := ""
	if m := baseURL.FindSubmatch(read(v.home, "config.toml")); m != nil {
		host = string(m[1])
	}
	key := keyOf(read(v.home, "auth.json"))
	return key != "" && !slices.Contains(v.Pairs[host], key)
}

func (v *verdict) fail(when bool, what string) {
	if when {
		v.bad = append(v.bad, what)
	}
}

// judge applies the rules of the promise.
func (v *verdict) judge(class string) {
	exit, fault := os.Getenv("CW_EXIT"), os.Getenv("CW_FAULT")
	recovered := os.Getenv("CW_RECOVERED") != ""
	cut := exit == "killed" || exit == "8" || fault == "power"
	v.fail(class == "TORN", "BAD")
	v.fail(v.crossed(), "CROSSED")
	v.fail(class == "BETWEEN" && (recovered || !cut), "MIXED")
	// One sync does for both files of one host: a power cut may swap their order.
	v.fail(class == "BETWEEN" && v.Order == "same-origin" && fault != "power" && v.config == "new" && v.auth == "old", "ORDER")
	v.judgeMode(class)
	v.judgeEdit()
	if bad := os.Getenv("CW_BAD"); bad != "" {
		v.fail(os.Remove(bad) == nil, "WIDE")
	}
	if want := os.Getenv("CW_WANT"); want != "" {
		v.fail(class != want, "WANTED-"+want)
	}
	if history := read(v.home, ".codexform/history.jsonl"); history != nil {
		v.fail(!lines(history), "HISTORY")
	}
	v.fail(os.Getenv("CW_ENDED") != "" && class != "NEW", "FORGOTTEN")
	if recovered || fault == "none" {
		v.fail(len(v.leftovers) > 0, "LEFTOVER")
	}
	decided := recovered || !cut && !slices.Contains(v.leftovers, ".codexform/done")
	v.fail(decided && class == "OLD" && v.ledger != "old", "LEDGER")
	v.fail(decided && class == "NEW" && v.ledger != "new", "LEDGER")
	if recovered || cut {
		return
	}
	switch exit {
	case "0":
		want := "NEW"
		if os.Getenv("CW_UNDO") != "" {
			want = "OLD"
		}
		v.fail(class != want || os.Getenv("CW_REFUSED") != "", "LIED")
	case "1", "4", "5", "6", "7":
		v.fail(class != "OLD", "LIED")
	case "130":
	default:
		v.fail(true, "EXIT-"+exit)
	}
}

// lines reports whether b is whole lines of JSON.
func lines(b []byte) bool {
	for line := range bytes.Lines(b) {
		if !bytes.HasSuffix(line, []byte("\n")) || !json.Valid(line) {
			return false
		}
	}
	return len(b) > 0
}

// judgeMode wants the mode of the state that a file is in.
func (v *verdict) judgeMode(class string) {
	if os.Getenv("CW_MARK") != "" {
		return // whoever edits sets the mode
	}
	for name, kind := range map[string]string{"config.toml": v.config, "auth.json": v.auth} {
		state := "new"
		if kind == "old" {
			state = "old"
		}
		want := mode(filepath.Join(v.dir, state, name))
		have := mode(filepath.Join(v.home, name))
		v.fail(have != 0 && have != want && class != "TORN", fmt.Sprintf("MODE-%s-%04o", name, have))
	}
}

// judgeEdit wants an edit that was made to be there still.
func (v *verdict) judgeEdit() {
	mark := os.Getenv("CW_MARK")
	if mark == "" {
		return
	}
	what, err := os.ReadFile(mark)
	if err != nil {
		return // none was made
	}
	os.Remove(mark)
	switch string(what) {
	case "config":
		v.fail(!bytes.HasSuffix(read(v.home, "config.toml"), []byte(addedLine)), "LOST-EDIT")
	case "auth", "auth-made":
		v.fail(!bytes.Contains(read(v.home, "auth.json"), []byte(addedMember)), "LOST-EDIT")
	}
}
