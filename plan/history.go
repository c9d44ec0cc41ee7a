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
	Confirm string         `json:"confirm,omitempty"` // the class of the confirmation
	Changes []RecordChange `json:"changes"`
}

// RecordChange is one change of a Record.
type RecordChange struct {
	File string `json:"file"`
	DocChange
}

// Record is what history keeps of a plan that was applied.
func (p Plan) Record(n int, command, tool string, now time.Time) Record {
	r := Record{
		N: n, Time: now.UTC().Truncate(time.Second), Command: command, Tool: tool,
		Desired: DocDesired{p.Desired.Files, p.Desired.Digest}, Changes: []RecordChange{},
	}
	for _, f := range p.Files {
		for _, c := range f.Changes {
			if c.Edits() || c.Action == Release {
				c.BeforeID = "" // of use while a saved plan waits, and no longer
				r.Changes = append(r.Changes, RecordChange{f.Path, docChange(c)})
			}
		}
	}
	return r
}

// ParseHistory reads history.jsonl, oldest first. A line that is no record is an
// error that names it.
func ParseHistory(data []byte) ([]Record, error) {
	var out []Record
	line := 0
	for text := range slices.Values(splitLines(data)) {
		line++
		var r Record
		if err := json.Unmarshal(text, &r); err != nil {
			return nil, fmt.Errorf("history.jsonl:%d: not a record of codexform", line)
		}
		out = append(out, r)
	}
	return out, nil
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

// Rollback plans to give our keys the values that they had before a record: records
// are that one and all after it, oldest first. A key that somebody changed since is
// left alone. History has no value for a secret: ours stays while host, which tells
// where a config.toml sends it, says the same before and after; else it goes, and so
// it does when there was none before.
func Rollback(records []Record, o Observed, host func(config Value) string) Plan {
	o.Ledger = o.Ledger.indexed()
	config, auth := []Change{}, []Change{}
	all := targets(records)
	for _, t := range all {
		if t.file == ConfigFile {
			config = append(config, o.backChange(t, o.Config.Get(t.address)))
		}
	}
	moves := host(o.Config.Root) != host(edited(o.Config.Root, config))
	for _, t := range all {
		switch {
		case t.file == ConfigFile:
		case t.sensitive:
			auth = append(auth, o.backKey(t, moves))
		default:
			auth = append(auth, o.backChange(t, modeOf(o.Auth)))
		}
	}
	return Plan{
		Home:      o.Home,
		Rollback:  true,
		Files:     []FileChange{configFile(o, redacted(config, o.Ledger)), authFile(Desired{}, o, auth)},
		Unmanaged: unmanaged(o, config, auth),
	}
}

// target is where one key goes back to.
type target struct {
	file      string
	address   Address
	sensitive bool
	created   bool  // by the oldest record
	to        Value // before the oldest record
	last      Value // after the newest
}

func targets(records []Record) []target {
	var out []target
	at := map[string]int{}
	for _, r := range records {
		for _, c := range r.Changes {
			if c.Action == Release {
				continue
			}
			key := c.File + "\x00" + Address(c.Path).Key()
			i, seen := at[key]
			if !seen {
				i = len(out)
				at[key] = i
				out = append(out, target{
					file: c.File, address: c.Path, sensitive: c.Sensitive, created: c.Action == Create, to: value(c.Before),
				})
			}
			out[i].last = value(c.After)
		}
	}
	return out
}

func value(v *Value) Value {
	if v == nil {
		return Value{}
	}
	return *v
}

// backKey is what becomes of the key in auth.json; moves says that the host changes.
func (o Observed) backKey(t target, moves bool) Change {
	e, owned := o.Ledger.Find(AuthFile, t.address)
	ours := owned && e.holds(o.Auth.Key, o.Ledger.FingerprintKey)
	c := Change{Address: t.address, Sensitive: true, Action: Delete, GivesBack: true, BeforeVersion: e.Version, Note: e.Note}
	switch {
	case ours && t.created:
		c.Reason = "there was none before"
	case ours && moves:
		c.Reason = "it is not for the host from before, and keys are not kept: apply with the source you want"
	default:
		return Change{
			Address: t.address, Action: NoOp, Sensitive: true, Yours: true,
			Reason: "keys are not kept: this one stays; to change it, apply with the source you want",
		}
	}
	return c
}

func (o Observed) backChange(t target, now Value) Change {
	c := Change{Address: t.address, Before: now, After: t.to}
	if e, owned := o.Ledger.Find(t.file, t.address); owned && e.Prior.Equal(t.to) {
		c.Note = e.Note
	}
	switch {
	case now.Equal(t.to):
		c.Action = NoOp
	case !now.Equal(t.last):
		return released(c, "changed by someone since: it stays as it is")
	case hasMask(t.to):
		return released(c, "the value from before held a secret, which codexform does not keep: it stays as it is")
	case t.to.IsAbsent():
		c.Action = Delete
	case now.IsAbsent():
		c.Action = Create
	default:
		c.Action = Update
	}
	return c
}
