//go:build unix

package sources

import "io/fs"

// strangers are nobody: permission bits say it all.
func (w World) strangers(string) (summary, fix string) { return "", "" }

// othersMay are the permission bits of everyone but the owner.
func othersMay(mode fs.FileMode) fs.FileMode { return mode.Perm() & 0o077 }
