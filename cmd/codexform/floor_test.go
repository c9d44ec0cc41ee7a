package main

import (
	"os"
	"path/filepath"
)

// floor makes the calls on files that an apply of both files in a new home makes, and
// thinks of nothing: the same files, written, synced and moved into place; or, where they
// are there, only reads them. It is what an apply is measured against.
func floor() {
	home := filepath.Join(os.Getenv("HOME"), ".codex")
	state := filepath.Join(home, ".codexform")
	files := []string{"config.toml", "auth.json", ".codexform/ledger.json", ".codexform/history.jsonl", ".codexform/status.json"}
	if _, err := os.Stat(filepath.Join(home, files[0])); err == nil {
		for _, name := range files {
			if _, err := os.ReadFile(filepath.Join(home, name)); err != nil {
				os.Exit(1)
			}
		}
		return
	}
	must := func(err error) {
		if err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
	}
	must(os.Mkdir(state, 0o700))
	syncFolder(home, must)
	lock, err := os.OpenFile(filepath.Join(state, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	must(err)
	defer lock.Close()
	intent := filepath.Join(state, "new")
	for _, path := range []string{intent, filepath.Join(home, "new.config"), filepath.Join(home, "new.auth"), filepath.Join(state, "new.ledger"), filepath.Join(state, "new.history")} {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		must(err)
		_, err = f.Write(make([]byte, 1200))
		must(err)
		must(f.Sync())
		must(f.Close())
	}
	must(os.Rename(intent, filepath.Join(state, "intent")))
	syncFolder(state, must)
	for _, part := range [][2]string{{"new.config", files[0]}, {"new.auth", files[1]}} {
		must(os.Rename(filepath.Join(home, part[0]), filepath.Join(home, part[1])))
		syncFolder(home, must)
	}
	must(os.Rename(filepath.Join(state, "intent"), filepath.Join(state, "done")))
	must(os.Rename(filepath.Join(state, "new.ledger"), filepath.Join(home, files[2])))
	must(os.Rename(filepath.Join(state, "new.history"), filepath.Join(home, files[3])))
	syncFolder(state, must)
	must(os.Remove(filepath.Join(state, "done")))
	must(os.WriteFile(filepath.Join(home, files[4]), make([]byte, 400), 0o600))
}

func syncFolder(path string, must func(error)) {
	d, err := os.Open(path)
	must(err)
	must(d.Sync())
	must(d.Close())
}
