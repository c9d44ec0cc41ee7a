package tomlfile

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// step is how to take back what one edit did at one address. It names keys,
// and it holds text only of what stood at that address.
type step struct {
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

func (s *state) note(i int, r step) {
	r.Seq = i
	s.steps[i] = append(s.steps[i], r)
}

// write is the steps as the notes of Result.
func (s *state) write(edits []Edit) ([]plan.Note, error) {
	notes := make([]plan.Note, len(s.steps))
	for i, steps := range s.steps {
		if len(steps) == 0 {
			continue
		}
		for j := range steps {
			steps[j].Below = steps[j].at[len(edits[i].Address):]
			steps[j].Turn = s.turn
		}
		text, err := json.Marshal(steps)
		if err != nil {
			return nil, err
		}
		notes[i] = plan.Note(text)
	}
	return notes, nil
}

// stepsOf is the steps of an edit that takes back another.
func stepsOf(e Edit) []step {
	steps := parseNote(e.TakeBack)
	for i, r := range steps {
		steps[i].at = append(slices.Clone(e.Address), r.Below...)
	}
	return steps
}

// parseNote is the steps of a note. One that is not ours counts as none.
func parseNote(note plan.Note) []step {
	var steps []step
	if note == "" || json.Unmarshal([]byte(note), &steps) != nil {
		return nil
	}
	return steps
}

// recall learns from the notes of earlier Applies which turn this one has, and what
// they put around their keys.
func (s *state) recall(notes []plan.Note) {
	for _, note := range notes {
		if text := string(note); strings.HasPrefix(text, "[{") && !strings.Contains(text, `"turn"`) && !strings.Contains(text, `"frames"`) {
			s.turn = max(s.turn, 1) // most of them say no more
			continue
		}
		for _, r := range parseNote(note) {
			s.turn = max(s.turn, r.Turn+1)
			s.framed = s.frames.add(s.framed, r.Frames)
		}
	}
}
