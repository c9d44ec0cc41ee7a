package users

import (
	"encoding/json"
	"io/fs"

	"github.com/codexform/codexform/plan/status"
)

// Request is what a child is told.
type Request struct {
	Args  []string // the command line, for this user
	Files []File   // the desired state, as it was read
	Stdin []byte   // what the file name - means

	User, UID, Home, Host string
	Dir                   string            // where relative names start
	Variables             map[string]string // of the codex_home of the desired state

	HasSecret            bool
	SecretRef, SecretPin string
	SecretOnce           bool

	NeedsCodexHome bool // who has none is skipped
	Tells          bool // the answer has the document
}

// File is a file of the desired state.
type File struct {
	Name string
	Mode fs.FileMode
	Data []byte
}

// message is what a child says: it asks for its secret, any number of times, and then
// answers.
type message struct {
	Ask    string  `json:"ask,omitempty"`
	Answer *Answer `json:"answer,omitempty"`
}

// Answer is what came of the work for one user.
type Answer struct {
	Exit     int
	Skipped  string // why nothing was done, "" where it was
	Status   *status.Status
	Document json.RawMessage // what the command says to machines, where it was wanted
}

// Secret is the secret of one user, or why it could not be had.
type Secret struct {
	Value, Version, Ref string
	Warnings            []string
	Error               *SecretError
}

// SecretError is a *sources.Error on its way to a child.
type SecretError struct {
	Kind, Ref, Message, Hint string
	Retryable                bool
}
