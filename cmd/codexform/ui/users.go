package ui

import (
	"bytes"
	"encoding/json"

	"github.com/codexform/codexform/plan/status"
)

// UserResult is what came of a command for one user.
type UserResult struct {
	User     string
	Exit     int
	Skipped  string // why nothing was done for this user
	Status   status.Status
	Document json.RawMessage // what the command says to machines; nobody has vouched for it
}

// line is the user's result on one line.
func (r UserResult) line() string {
	switch {
	case r.Skipped != "":
		return "skipped: " + r.Skipped
	case r.Status.State == status.Failed && r.Status.Message != "":
		return r.Status.Line() + " " + r.Status.Message
	}
	return r.Status.Line()
}

func (r UserResult) meaning() meaning {
	if r.Skipped != "" {
		return faint
	}
	return statusMeaning(r.Status)
}

func (v *textView) Users(all []UserResult) {
	for _, r := range all {
		v.say(v.style.paint(r.meaning(), Visible(r.User+": "+r.line())))
	}
}

func (v *markdownView) Users(all []UserResult) {
	for _, r := range all {
		v.say("- %s", mdText(Visible(r.User+": "+r.line())))
	}
}

func (v *jsonView) Users(all []UserResult) {
	users := make([]json.RawMessage, len(all))
	for i, r := range all {
		users[i] = r.object()
	}
	v.print(map[string]any{"users": users})
}

// object is the command's own document, with whose it is in front.
func (r UserResult) object() json.RawMessage {
	head, _ := json.Marshal(struct {
		User    string       `json:"user"`
		Exit    int          `json:"exit"`
		State   status.State `json:"state,omitempty"`
		Code    status.Code  `json:"code,omitempty"`
		Skipped string       `json:"skipped,omitempty"`
	}{r.User, r.Exit, r.Status.State, r.Status.Code, r.Skipped})
	var rest map[string]json.RawMessage
	if json.Unmarshal(r.Document, &rest) != nil {
		return head
	}
	for _, name := range []string{"user", "exit", "state", "code", "skipped"} {
		delete(rest, name)
	}
	if len(rest) == 0 {
		return head
	}
	tail, _ := json.Marshal(rest)
	return append(append(bytes.TrimSuffix(head, []byte("}")), ','), tail[1:]...)
}
