//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// scene is one case: what is there before, what after, and which keys may meet
// which hosts. A host is what stands in base_url; "" is Codex's built-in one.
type scene struct {
	Order string
	Pairs map[string][]string // host to keys
	// LooseLedger: the new ledger is anything but the old one.
	LooseLedger bool
}

const (
	oldHost = "https://old.example/v1"
	newHost = "https://new.example/v1"
	oldKey  = "sk-old-CANARY-0123456789"
	newKey  = "sk-new-CANARY-9876543210"
)

var ownPairs = map[string][]string{oldHost: {oldKey}, newHost: {newKey}}

// config is a config.toml that is large enough to be torn.
func config(host, model string) string {
	s := "# begin\nmodel_provider = \"OpenAI\"\nmodel = \"" + model + "\"\n" +
		strings.Repeat("# a comment of the user that must survive\n", 100)
	if host != "" {
		s += "[model_providers.OpenAI]\nname = \"gateway\"\nbase_url = \"" + host + "\"\nwire_api = \"responses\"\nrequires_openai_auth = true\n"
	}
	return s + "# end\n"
}

func auth(key string) string { return "{\n  \"OPENAI_API_KEY\": \"" + key + "\"\n}\n" }

// files maps a path in a home to its content; a path that ends in ":0644" gets
// that mode.
type files map[string]string

// cases are the six changes of an apply, and a mode that is repaired.
var cases = map[string]struct {
	scene
	old, new files
}{
	"first-install": {
		scene{Order: "first-install", Pairs: ownPairs},
		nil,
		files{"config.toml": config(newHost, "m2"), "auth.json": auth(newKey), ".codexform/ledger.json": "{1}"},
	},
	"key": {
		scene{Order: "same-origin", Pairs: map[string][]string{oldHost: {oldKey, newKey}}},
		files{"config.toml": config(oldHost, "m1"), "auth.json": auth(oldKey), ".codexform/ledger.json": "{0}"},
		files{"config.toml": config(oldHost, "m1"), "auth.json": auth(newKey), ".codexform/ledger.json": "{1}"},
	},
	"config": {
		scene{Order: "same-origin", Pairs: ownPairs},
		files{"config.toml": config(oldHost, "m1"), "auth.json": auth(oldKey), ".codexform/ledger.json": "{0}"},
		files{"config.toml": config(oldHost, "m2"), "auth.json": auth(oldKey), ".codexform/ledger.json": "{1}"},
	},
	"same-origin": {
		scene{Order: "same-origin", Pairs: map[string][]string{oldHost: {oldKey, newKey}}},
		files{"config.toml:0644": config(oldHost, "m1"), "auth.json": auth(oldKey), ".codexform/ledger.json": "{0}"},
		files{"config.toml:0644": config(oldHost, "m2"), "auth.json": auth(newKey), ".codexform/ledger.json": "{1}"},
	},
	"new-origin": {
		scene{Order: "new-origin", Pairs: ownPairs},
		files{"config.toml": config(oldHost, "m1"), "auth.json": auth(oldKey), ".codexform/ledger.json": "{0}"},
		files{"config.toml": config(newHost, "m2"), "auth.json": auth(newKey), ".codexform/ledger.json": "{1}"},
	},
	"removal": {
		scene{Order: "removal", Pairs: ownPairs},
		files{"config.toml": config(oldHost, "m1"), "auth.json": auth(oldKey), ".codexform/ledger.json": "{0}"},
		files{"config.toml": config("", "m1"), ".codexform/ledger.json": "{1}"},
	},
	"mode": {
		scene{Order: "same-origin", Pairs: ownPairs},
		files{"config.toml": config(oldHost, "m1"), "auth.json:0644": auth(oldKey), ".codexform/ledger.json": "{0}"},
		files{"config.toml": config(oldHost, "m1"), "auth.json": auth(oldKey), ".codexform/ledger.json": "{1}"},
	},
}

func makeCases(dir string) error {
	for name, c := range cases {
		at := filepath.Join(dir, name)
		if err := errors.Join(write(filepath.Join(at, "old"), c.old), write(filepath.Join(at, "new"), c.new)); err != nil {
			return err
		}
		b, err := json.Marshal(c.scene)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(at, "case.json"), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// ownCase describes a case whose old/ and new/ were made by the program itself.
func ownCase(dir, order, oldURL, newURL string) error {
	s := scene{Order: order, Pairs: map[string][]string{oldURL: {oldKey}}, LooseLedger: true}
	s.Pairs[newURL] = append(s.Pairs[newURL], newKey)
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "case.json"), b, 0o600)
}

func write(home string, all files) error {
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	for path, content := range all {
		path, wide := strings.CutSuffix(path, ":0644")
		path = filepath.Join(home, path)
		mode := fs.FileMode(0o600)
		if wide {
			mode = 0o644
		}
		err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), mode), os.Chmod(path, mode))
		if err != nil {
			return err
		}
	}
	return nil
}

// setup replaces the content of home by the case's old state. An old state without
// any file is a home that does not exist.
func setup(dir, home string) error {
	if err := os.RemoveAll(home); err != nil {
		return err
	}
	old := filepath.Join(dir, "old")
	names, err := os.ReadDir(old)
	if err != nil || len(names) == 0 {
		return err
	}
	if err := os.CopyFS(home, os.DirFS(old)); err != nil {
		return err
	}
	return filepath.WalkDir(old, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(old, path)
		return os.Chmod(filepath.Join(home, rel), info.Mode().Perm())
	})
}
