package apply

import (
	"bytes"
	"encoding/json"

	"github.com/codexform/codexform/plan"
)

// stale compares a saved plan with a fresh one: they must say the same of every
// managed key. What else Codex wrote into its files meanwhile does not count.
func stale(saved plan.Document, s Sight) error {
	fresh := s.Plan.Document("", saved.Created)
	switch {
	case saved.CodexHome != fresh.CodexHome:
		return &StaleError{Reason: "the plan is for another Codex home, " + saved.CodexHome}
	case saved.Desired.Digest != fresh.Desired.Digest:
		return &StaleError{Reason: "the desired state has changed since the plan was made"}
	}
	var moved []plan.Address
	for i, f := range fresh.Files {
		if i >= len(saved.Files) || saved.Files[i].Path != f.Path {
			return &StaleError{Reason: "the plan is about other files"}
		}
		moved = append(moved, movedIn(saved.Files[i].Changes, f.Changes, stampOf(s.Plan))...)
	}
	if len(moved) > 0 {
		return &StaleError{Addresses: moved, Reason: "changed since the plan was made"}
	}
	return nil
}

// movedIn are the addresses of which two lists of changes say different things.
func movedIn(saved, fresh []plan.DocChange, stamp string) []plan.Address {
	was := map[string][]byte{}
	for _, c := range saved {
		was[plan.Address(c.Path).Key()] = essence(c)
	}
	var out []plan.Address
	old := map[string]plan.DocChange{}
	for _, c := range saved {
		old[plan.Address(c.Path).Key()] = c
	}
	for _, c := range fresh {
		key := plan.Address(c.Path).Key()
		if !bytes.Equal(was[key], essence(c)) || otherSecret(old[key], c, stamp) {
			out = append(out, c.Path)
		}
		delete(was, key)
	}
	for _, c := range saved {
		if _, left := was[plan.Address(c.Path).Key()]; left {
			out = append(out, c.Path)
		}
	}
	return out
}

// stampOf is the stamp of auth.json at the change of its key.
func stampOf(p plan.Plan) string {
	for _, c := range p.File(plan.AuthFile).Changes {
		if c.Sensitive {
			return c.BeforeStamp
		}
	}
	return ""
}

// otherSecret reports whether a secret moved: by its fingerprint, or where no machine's
// key made one yet, by the file that it stands in.
func otherSecret(saved, fresh plan.DocChange, stamp string) bool {
	if saved.BeforeID != "" {
		return saved.BeforeID != fresh.BeforeID
	}
	return saved.BeforeStamp != "" && saved.BeforeStamp != stamp
}

// essence is what has to be equal of a change: not its words, nor its versions.
// A secret that was unknown when the plan was saved may be known now.
func essence(c plan.DocChange) []byte {
	out, _ := json.Marshal(struct {
		Action        plan.Action
		Before, After *plan.Value
		Sensitive     bool
	}{c.Action, c.Before, c.After, c.Sensitive})
	return out
}
