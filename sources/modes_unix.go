//go:build unix

package sources

import "io/fs"

// othersMay are the permission bits of everyone but the owner.
func othersMay(mode fs.FileMode) fs.FileMode { return mode.Perm() & 0o077 }
