package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Record is one line of history.jsonl: an apply that changed something. It holds
// no secret.
type Record struct {
	N       int            `json:"n"` // from 1, without gaps; the oldest may be gone
	Time    time.Time      `json:"time"`
	Command string         `json:"command"` // apply, rollback or destroy
	Tool    string         `json:"tool_version"`
	Desired DocDesired     `json:"desired"`
	Paths   []string       `json:"paths,omitempty"`   // of the policy, absolute
	Confirm string         `json:"confirm,omitempty"` // the class of the confirmation
	Changes []RecordChange `json:"changes"`
	Modes   []RecordMode   `json:"modes,omitempty"` // of files whose permission bits changed
	Moves   []Move         `json:"moves,omitempty"` // absent in a record from before they were kept
}

// RecordChange is one change of a Record.
type RecordChange struct {
	File string `json:"file"`
	DocChange
}

// RecordMode is a change of permission bits.
type RecordMode struct {
	File   string `json:"file"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Record is what history keeps of a plan that was applied.
func (p Plan) Record(n int, command, tool string, now time.Time) Record {
	r := Record{
		N: n, Time: now.UTC().Truncate(time.Second), Command: command, Tool: tool,
		Desired: DocDesired{p.Desired.Files, p.Desired.Digest}, Paths: p.Desired.Paths, Changes: []RecordChange{}, Moves: p.Moves,
	}
	for _, f := range p.Files {
		if f.Action == Update && f.Mode != f.OldMode {
			r.Modes = append(r.Modes, RecordMode{f.Path, octal(f.OldMode), octal(f.Mode)})
		}
		for _, c := range f.Changes {
			if c.Edits() || c.Action == Release {
				c.BeforeID, c.BeforeStamp = "", "" // of use while a saved plan waits, and no longer
				r.Changes = append(r.Changes, RecordChange{f.Path, docChange(c)})
			}
		}
	}
	return r
}

// ParseHistory reads history.jsonl, oldest first. A line that is no record is an
// error that names the first of them; the records of the others come with it.
func ParseHistory(data []byte) ([]Record, error) {
	var out []Record
	var bad error
	line := 0
	for text := range slices.Values(splitLines(data)) {
		line++
		var r Record
		switch err := json.Unmarshal(text, &r); {
		case err == nil:
			out = append(out, r)
		case bad == nil:
			bad = fmt.Errorf("history.jsonl:%d: not a record of codexform", line)
		}
	}
	return out, bad
}

// NextN is the number of the record after these.
func NextN(records []Record) int {
	if len(records) == 0 {
		return 1
	}
	return records[len(records)-1].N + 1
}

func splitLines(data []byte) [][]byte {
	var out [][]byte
	for len(data) > 0 {
		i := slices.Index(data, '\n')
		if i < 0 {
			i = len(data) - 1
		}
		if line := data[:i+1]; len(line) > 1 {
			out = append(out, line)
		}
		data = data[i+1:]
	}
	return out
}
