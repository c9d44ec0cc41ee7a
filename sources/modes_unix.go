//go:build unix

package sources

import (
	"fmt"
	"io/fs"
)

// strangers are nobody: permission bits say it all.
func (w World) strangers(string) (summary, fix string) { return "", "" }

// othersMay are the permission bits of everyone but the owner.
func othersMay(mode fs.FileMode) fs.FileMode { return mode.Perm() & 0o077 }

// exposed judges by permission bits.
func exposed(_ string, info fs.FileInfo) exposure {
	e := exposure{seen: fmt.Sprintf(" (mode %04o)", info.Mode().Perm()), fix: "chmod 600"}
	if othersMay(info.Mode())&0o022 != 0 {
		e.writers = "others"
	}
	if othersMay(info.Mode())&0o044 != 0 {
		e.readers = "others"
	}
	return e
}
