package codex

import (
	"errors"

	"github.com/codexform/codexform/plan"
)

// emptied is a file without the tables that we made around what was given back, where
// nothing is left in them: a note does not know them where an undo wrote the key anew.
func (s Snapshot) emptied(name string, data []byte, given []plan.Step) ([]byte, error) {
	for _, step := range given {
		e, _ := s.Observed.Ledger.Find(name, step.Address)
		for i := len(e.Address) - 1; step.Value.IsAbsent() && i > 0 && i >= len(e.Address)-e.Made; i-- {
			doc, err := s.decoder.document(data)
			if err != nil {
				return nil, err
			}
			v := doc.Root.At(e.Address[:i])
			if v.IsAbsent() {
				continue // taken back with the key
			}
			if v.Kind() != plan.KindTable || len(v.Members()) > 0 {
				break
			}
			got, err := s.edit(name, data, []plan.Step{{Address: e.Address[:i]}}, nil)
			if err != nil {
				return nil, err
			}
			data = got.Data
		}
	}
	return data, nil
}

// unplaced is what stops an edit without its place, unless that is one of the file as it
// is: what we took away and would give back has none there.
func (s Snapshot) unplaced(err error, name string, steps []plan.Step) error {
	var bad, here *FileError
	was, _ := s.side(name)
	if !errors.As(err, &bad) {
		return err
	}
	if _, err := s.edit(name, was.Data, steps, nil); errors.As(err, &here) {
		return err
	}
	return &FileError{
		File: bad.File, Message: bad.Message + " among what you had before codexform",
		Fix: "take the key out of the policy; or destroy gives back what was there, and you take that away",
	}
}
