package commit

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
)

// FileState is one file as it was read.
type FileState struct {
	Exists bool
	Data   []byte
	Mode   uint32 // permission bits, 0 when there is no file
	Path   string // the file itself, behind all links
	Linked bool   // reached through a symlink
	Links  uint64 // hard links
	Stamp  string // size, inode and time of the last write; "" when there is no file
	// Refusal is why this file must not be written, nil when it may be. Switch
	// returns it when the change touches the file.
	Refusal error

	at   target
	info fs.FileInfo // nil when there is no file
}

// State is what was read of a home, at one moment.
type State struct {
	Config, Auth FileState
	Ledger       []byte // nil when there is none
}

// Same reports whether two readings found the same.
func (s State) Same(o State) bool {
	return s.Config.same(o.Config) && s.Auth.same(o.Auth) && bytes.Equal(s.Ledger, o.Ledger)
}

func (f FileState) same(o FileState) bool {
	return f.Exists == o.Exists && f.Mode == o.Mode && f.Path == o.Path && f.Linked == o.Linked &&
		f.Links == o.Links && f.Stamp == o.Stamp && bytes.Equal(f.Data, o.Data)
}

// File is what one file is to become.
type File struct {
	Data   []byte
	Mode   uint32 // permission bits
	Remove bool   // the file goes away
	// Keep is the name under which the displaced file stays beside the new one;
	// "" removes it. For a damaged config.toml, never for auth.json.
	Keep string
}

// Order is the order in which the files change, so that no state in between pairs
// a key with a host that it was not meant for.
type Order string

// The orders. They matter only where both files change.
const (
	SameOrigin   Order = "same-origin"   // auth.json, then config.toml
	NewOrigin    Order = "new-origin"    // the old key away, config.toml, the new key
	FirstInstall Order = "first-install" // config.toml, then auth.json
	Removal      Order = "removal"       // auth.json, then config.toml
)

// StateFiles is what changes of our own state together with the files.
type StateFiles struct {
	Ledger  []byte // the new ledger.json; nil to leave it, empty to remove it
	Afresh  bool   // the history so far goes aside: it is damaged
	History []byte // one line for history.jsonl without its newline, nil for none
}

// Change is what Switch does. Before is what the same session has read: a file
// that has moved since is a conflict.
type Change struct {
	Before       State
	Config, Auth *File // nil: left alone
	StateFiles   StateFiles
	Order        Order
}

// Format prints what a file is, never what is in it.
func (f FileState) Format(w fmt.State, _ rune) {
	fmt.Fprintf(mask{w}, "{%s, %d bytes, %04o}", f.Path, len(f.Data), f.Mode)
}

func (f *File) size() int {
	if f == nil {
		return 0
	}
	return len(f.Data)
}

// Format prints what a file is to become, never what will be in it.
func (f File) Format(w fmt.State, _ rune) {
	fmt.Fprintf(mask{w}, "{%d bytes, %04o}", len(f.Data), f.Mode)
}

// mask hides the flags of the outer verb from the inner one.
type mask struct{ io.Writer }
