//go:build linux

package main

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// floor brings the new files of a case into a home with the calls of an apply that
// write and sync, in its order, and nothing else: no reading, no plan, no proof. It is
// what an apply costs at the least.
func floor(dir, home string) error {
	f := bare{home: home, state: filepath.Join(home, ".codexform")}
	f.write(f.state, "intent.new", make([]byte, 540))
	f.rename(f.state, "intent.new", "staging", "")
	f.stage(home, ".codexform-auth", read(filepath.Join(dir, "new"), "auth.json"))
	f.stage(home, ".codexform-config", read(filepath.Join(dir, "new"), "config.toml"))
	f.stage(f.state, "ledger.new", read(filepath.Join(dir, "new"), ".codexform/ledger.json"))
	f.stage(f.state, "history.new", read(filepath.Join(dir, "new"), ".codexform/history.jsonl"))
	f.sync(filepath.Join(f.state, "staging"))
	f.rename(f.state, "staging", "intent", f.state)
	f.exchange(".codexform-auth", "auth.json")
	f.exchange(".codexform-config", "config.toml")
	f.sync(home)
	f.rename(f.state, "intent", "done", "")
	f.rename(f.state, "history.new", "history.jsonl", "")
	f.rename(f.state, "ledger.new", "ledger.json", f.state)
	f.do(os.Remove(filepath.Join(home, ".codexform-auth")))
	f.do(os.Remove(filepath.Join(home, ".codexform-config")))
	f.do(os.Remove(filepath.Join(f.state, "done")))
	return f.err
}

// bare makes calls until one fails.
type bare struct {
	home, state string
	err         error
}

func (f *bare) do(err error) { f.err = errors.Join(f.err, err) }

func (f *bare) stage(dir, name string, data []byte) {
	f.write(dir, name, data)
	f.sync(filepath.Join(dir, name))
}

func (f *bare) write(dir, name string, data []byte) {
	file, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		f.do(err)
		return
	}
	_, err = file.Write(data)
	f.do(errors.Join(err, file.Close()))
}

func (f *bare) rename(dir, from, to, sync string) {
	f.do(os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)))
	f.sync(sync)
}

func (f *bare) exchange(a, b string) {
	f.do(unix.Renameat2(unix.AT_FDCWD, filepath.Join(f.home, a), unix.AT_FDCWD, filepath.Join(f.home, b), unix.RENAME_EXCHANGE))
}

func (f *bare) sync(path string) {
	if path == "" {
		return
	}
	d, err := os.Open(path)
	if err != nil {
		f.do(err)
		return
	}
	f.do(errors.Join(d.Sync(), d.Close()))
}
