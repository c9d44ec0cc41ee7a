//go:build crudewrite || cruderename

package commit

import "os"

// switchCrudely writes the files as careless programs do: see crude.
func (t *transaction) switchCrudely(c Change) error {
	files := []struct {
		at   target
		data []byte
	}{}
	for _, p := range t.parts {
		files = append(files, struct {
			at   target
			data []byte
		}{target{p.dir, p.Name}, p.file.Data})
	}
	if c.Records.Ledger != nil {
		files = append(files, struct {
			at   target
			data []byte
		}{target{t.s.state, ledgerName}, c.Records.Ledger})
	}
	for _, f := range files {
		if err := writeCrudely(f.at, f.data); err != nil {
			return err
		}
	}
	return nil
}

func writeInto(t target, data []byte) error {
	file, err := t.dir.root.OpenFile(t.name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.Write(data)
	return err
}
