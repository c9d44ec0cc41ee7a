package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
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
	for i, text := range splitLines(data) {
		var r Record
		switch err := json.Unmarshal(text, &r); {
		case err == nil:
			out = append(out, r)
		case bad == nil:
			bad = notRecord(i + 1)
		}
	}
	return out, bad
}

// NextN is the number of the record that follows on a history.jsonl. It looks only at how
// lines begin and end, since an apply is not to cost more with each that came before it;
// what is no record is an error as ParseHistory's.
func NextN(data []byte) (int, error) {
	lines := splitLines(data)
	if len(lines) == 0 {
		return 1, nil
	}
	for i, line := range lines {
		if !looksLikeRecord(line) {
			return 0, notRecord(i + 1)
		}
	}
	n, err := numberOf(lines[len(lines)-1])
	if err != nil {
		return 0, notRecord(len(lines))
	}
	return n + 1, nil
}

// numberOf is the number of a record, with which it begins if we wrote it.
func numberOf(line []byte) (int, error) {
	if text, ok := bytes.CutPrefix(line, []byte(`{"n":`)); ok {
		if digits, _, more := bytes.Cut(text, []byte(`,"`)); more {
			return strconv.Atoi(string(digits))
		}
	}
	var r Record
	err := json.Unmarshal(line, &r)
	return r.N, err
}

func looksLikeRecord(line []byte) bool {
	line = bytes.TrimSpace(line)
	return bytes.HasPrefix(line, []byte("{")) && bytes.HasSuffix(line, []byte("}")) && bytes.IndexByte(line, 0) < 0
}

func notRecord(line int) error {
	return fmt.Errorf("history.jsonl:%d: not a record of codexform", line)
}

func splitLines(data []byte) [][]byte {
	var out [][]byte
	for line := range bytes.Lines(data) {
		if len(line) > 1 {
			out = append(out, line)
		}
	}
	return out
}
