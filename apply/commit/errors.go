package commit

import "fmt"

// InForce says which state the files are in.
type InForce string

// The states after an error.
const (
	Old     InForce = "old"      // as before: nothing of ours is in force
	New     InForce = "new"      // the new state is in force; the next run tidies up
	HalfWay InForce = "half-way" // stopped half way; the next run finishes or undoes it
)

// StateError is a failure after which the files are not simply as before.
type StateError struct {
	InForce InForce
	Err     error
}

func (e *StateError) Error() string {
	switch e.InForce {
	case New:
		return fmt.Sprintf("the new state is in force, but tidying up stopped: %v", e.Err)
	case HalfWay:
		return fmt.Sprintf("stopped half way, the next run puts it right: %v", e.Err)
	}
	return e.Err.Error()
}

func (e *StateError) Unwrap() error { return e.Err }

// RefusedError is a file or folder that must not be written. Nothing was changed.
type RefusedError struct {
	Path   string
	Reason Reason
	Detail string // what was seen, for people
	Fix    string // what to do about it
}

func (e *RefusedError) Error() string { return e.Path + " " + e.Detail + ": " + e.Fix }

// Reason says in one word why something is refused.
type Reason string

// The reasons.
const (
	ReasonLoop       Reason = "symlink-loop"
	ReasonNotRegular Reason = "not-regular"
	ReasonTooLarge   Reason = "too-large"
	ReasonHardLink   Reason = "hard-link"
	ReasonWritable   Reason = "writable-by-others"
	ReasonAccount    Reason = "other-account" // root, on the home of somebody else
	ReasonOwner      Reason = "other-owner"
	ReasonNixStore   Reason = "nix-store"
	ReasonBindMount  Reason = "bind-mount"
	ReasonGit        Reason = "git-work-tree"
	ReasonLeavesHome Reason = "leaves-home"
	ReasonNoFolder   Reason = "no-folder"
	ReasonUnreadable Reason = "unreadable"
	ReasonReadOnly   Reason = "read-only"
	ReasonClosed     Reason = "closed-to-users" // of the machine's own layer
	ReasonNewer      Reason = "newer-format"
	ReasonDamaged    Reason = "damaged-intent"
)

// ConflictError is another writer: Path changed between reading and writing. Their
// edit is in place and nothing of ours is in force.
type ConflictError struct{ Path string }

func (e *ConflictError) Error() string {
	return e.Path + " was changed by someone else in the meantime; their edit stays"
}

// LockedError is a lock that another process holds.
type LockedError struct {
	Path  string
	Codex bool // Codex's own lock, not another codexform's
}

func (e *LockedError) Error() string {
	if e.Codex {
		return e.Path + " is held by a running Codex"
	}
	return e.Path + " is held by another codexform"
}
