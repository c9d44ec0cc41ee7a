// Command transaction is the least that changes two files of $HOME/.codex as one: five
// synced steps (a intent, two new files, their folder once switched, and once the
// intent is gone), nothing read, parsed or checked.
package main

import (
	"os"
	"path/filepath"
)

func main() {
	home := filepath.Join(os.Getenv("HOME"), ".codex")
	folder, err := os.Open(home)
	must(err)
	intent := filepath.Join(home, "floor.intent")
	config, auth := filepath.Join(home, "config.toml"), filepath.Join(home, "auth.json")
	write(intent, []byte("config.toml auth.json\n"))
	for _, name := range []string{config, auth} {
		data, err := os.ReadFile(name)
		must(err)
		write(name+".new", data)
	}
	must(os.Rename(config+".new", config))
	must(os.Rename(auth+".new", auth))
	must(folder.Sync())
	must(os.Remove(intent))
	must(folder.Sync())
}

func write(name string, data []byte) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	must(err)
	_, err = f.Write(data)
	must(err)
	must(f.Sync())
	must(f.Close())
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
