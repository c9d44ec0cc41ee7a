package apply

import (
	"encoding/json"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/plan/status"
)

// LastStatus is the status that a Codex home remembers, the zero Status where there is
// none or where it cannot be read: it is a memory, not a promise. Of the Options what
// is said about the home counts.
func LastStatus(o Options) status.Status {
	l := looker{Options: o.orDefault()}
	session, err := commit.Open(l.place())
	if err != nil {
		return status.Status{}
	}
	defer session.Close()
	data, err := session.Status()
	var s status.Status
	if err != nil || json.Unmarshal(data, &s) != nil || s.FormatVersion != status.FormatVersion {
		return status.Status{}
	}
	return s
}

// RememberStatus writes status.json, the status of a Codex home beside its ledger, in one step and
// without syncs: a torn one counts as none. Where the home has no state folder nothing
// is written, unless create is set.
func RememberStatus(o Options, s status.Status, create bool) error {
	l := looker{Options: o.orDefault()}
	session, err := commit.Open(l.place())
	if err != nil {
		return err
	}
	defer session.Close()
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return session.WriteStatus(append(data, '\n'), create)
}
