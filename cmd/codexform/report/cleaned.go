package report

import (
	"fmt"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan/status"
)

// Bounds of what is shown of one machine: what writes more is no codexform.
const (
	shownText    = 300 // runes
	shownChanges = 20
)

// stateWords are the states as people call them.
var stateWords = map[status.State]string{
	status.InSync: "in sync", status.Drift: "drift", status.Held: "held", status.Failed: "error",
	status.None: "not managed", status.Skipped: "skipped",
}

// cleaned is a machine whose texts are short, and have no character that hides another.
// Whoever can write a status can write anything into it.
func cleaned(m Machine) Machine {
	for _, s := range []*string{&m.Host, &m.User, &m.Message, &m.Ring, &m.Codex, &m.Tool, &m.Reason, (*string)(&m.Code)} {
		*s = short(*s)
	}
	if more := len(m.Changes) - shownChanges; more > 0 {
		m.Changes = append(m.Changes[:shownChanges:shownChanges], fmt.Sprintf("and %d more", more))
	}
	for i, address := range m.Changes {
		m.Changes[i] = short(address)
	}
	if m.State != status.Failed {
		m.Code = "" // of an error alone
	} else if m.Code == "" {
		m.Code = "unknown"
	}
	return m
}

func short(s string) string {
	s = ui.Visible(s)
	if len(s) <= shownText {
		return s
	}
	runes := []rune(s)
	if len(runes) <= shownText {
		return s
	}
	return string(runes[:shownText]) + "…"
}
