package tomlfile

import (
	"encoding/json"
	"slices"

	"github.com/codexform/codexform/plan"
)

// record is how to take back what one edit did at one address. It names keys,
// and it holds text only of what stood at that address.
type record struct {
	at     plan.Address
	Below  plan.Address `json:"below,omitempty"` // at, without the edit's own address
	Turn   int          `json:"turn,omitempty"`  // of the Apply, counted over those that stand
	Seq    int          `json:"seq,omitempty"`   // the edit's number in its Apply
	Round  int          `json:"round,omitempty"` // of that Apply, in which this was done
	New    bool         `json:"new,omitempty"`   // the key was not there
	Frames []frame      `json:"frames,omitempty"`
	Old    *string      `json:"old,omitempty"` // the spelling of the old value
	Cut    []piece      `json:"cut,omitempty"`
}

// piece is text that was removed, and between what it stood.
type piece struct {
	Text   string   `json:"text"`
	Eol    string   `json:"eol,omitempty"` // it was the open end of the file, behind this
	Before []string `json:"before"`        // the units before it, nearest first
	After  []string `json:"after"`
	Offset int      `json:"offset"`
	// In is the section that the text belongs to, unless it begins one itself.
	In *plan.Address `json:"in,omitempty"`
	// For a pair of an inline table: the table, and what stood in the place of Text
	// once the pair was gone. Before and After name the pairs beside it.
	Table *plan.Address `json:"table,omitempty"`
	New   string        `json:"left,omitempty"`
}

func (s *state) note(i int, r record) {
	r.Seq = i
	s.records[i] = append(s.records[i], r)
}

// undo is the records as the texts of Result.
func (s *state) undo(edits []Edit) ([]string, error) {
	texts := make([]string, len(s.records))
	for i, records := range s.records {
		if len(records) == 0 {
			continue
		}
		for j := range records {
			records[j].Below = records[j].at[len(edits[i].Address):]
			records[j].Turn = s.turn
		}
		text, err := json.Marshal(records)
		if err != nil {
			return nil, err
		}
		texts[i] = string(text)
	}
	return texts, nil
}

// parseUndo is the records of an edit that takes back another.
func parseUndo(e Edit) []record {
	records := parseNote(e.Undo)
	for i, r := range records {
		records[i].at = append(slices.Clone(e.Address), r.Below...)
	}
	return records
}

// parseNote is the records of a text. One that is not ours counts as none.
func parseNote(text string) []record {
	var records []record
	if text == "" || json.Unmarshal([]byte(text), &records) != nil {
		return nil
	}
	return records
}

// recall learns from the notes of earlier Applies which turn this one has, and what
// they put around their keys.
func (s *state) recall(notes []string) {
	for _, text := range notes {
		for _, r := range parseNote(text) {
			s.turn = max(s.turn, r.Turn+1)
			s.frames = append(s.frames, r.Frames...)
		}
	}
}
