package codex

import (
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/tomlfile"
)

// File is one file as it was read.
type File struct {
	Exists bool
	Data   []byte
	Mode   uint32 // permission bits
	Stamp  string // tells it from the same file after somebody wrote it; opaque, "" where that is not known
}

// Snapshot is a Codex home at one moment: the bytes of its files and what they mean.
type Snapshot struct {
	Home         string
	Config, Auth File
	Pins         File   // requirements.toml, in the folder of the machine's own layer
	Ledger       []byte // nil when there is none
	Observed     plan.Observed

	doc     *tomlfile.Document
	decoder *Decoder
}

// Place is where an address stands in config.toml, the zero Origin when it does not.
func (s Snapshot) Place(a plan.Address) plan.Origin {
	if s.doc == nil {
		return plan.Origin{}
	}
	p, ok := s.doc.Place(a)
	if !ok {
		return plan.Origin{}
	}
	return plan.Origin{File: plan.ConfigFile, Place: p}
}
