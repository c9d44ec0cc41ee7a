//go:build !windows

package codex

import "io/fs"

const noModes = false

// permissions are the permission bits of a file, 0 where there are none.
func permissions(info fs.FileInfo) uint32 { return uint32(info.Mode().Perm()) }
