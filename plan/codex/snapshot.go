package codex

import (
	"github.com/codexform/codexform/plan"
)

// File is one file as it was read.
type File struct {
	Exists bool
	Data   []byte
	Mode   uint32 // permission bits
}

// Snapshot is a Codex home at one moment: the bytes of its files and what they mean.
type Snapshot struct {
	Home         string
	Config, Auth File
	Observed     plan.Observed
}

// Rendered is what a plan makes of a snapshot's files.
type Rendered struct {
	Config, Auth []byte // nil where the file goes away
	Plan         plan.Plan
	Ledger       plan.Ledger // what we own afterwards
}
