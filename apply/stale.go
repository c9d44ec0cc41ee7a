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
		moved = append(moved, movedIn(saved.Files[i].Changes, f.Changes)...)
	}
	if len(moved) > 0 {
		return &StaleError{Addresses: moved, Reason: "changed since the plan was made"}
	}
	return nil
}

// movedIn are the addresses of which two lists of changes say different things.
func movedIn(saved, fresh []plan.DocChange) []plan.Address {
	was := map[string][]byte{}
	for _, c := range saved {
		was[plan.Address(c.Path).Key()] = essence(c)
	}
	var out []plan.Address
	ids := map[string]string{}
	for _, c := range saved {
		ids[plan.Address(c.Path).Key()] = c.BeforeID
	}
	for _, c := range fresh {
		key := plan.Address(c.Path).Key()
		if !bytes.Equal(was[key], essence(c)) || ids[key] != "" && ids[key] != c.BeforeID {
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
