package main

import (
	"os"
	"path/filepath"
)

// careless writes the files of the new state as many programs do: over the old ones,
// or beside them and then by rename; without a sync, and one after the other. The
// walker has to find it out.
func (d *demo) careless(home string) error {
	for _, name := range []string{"auth.json", "config.toml", ".codexform/ledger.json"} {
		data := d.read(d.to, name)
		if data == nil {
			continue
		}
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := d.carelessly(path, data); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) carelessly(path string, data []byte) error {
	if d.manner == "write" {
		return os.WriteFile(path, data, 0o600)
	}
	if err := os.WriteFile(path+".tmp", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}
