//go:build !darwin && !windows

package commit

import "io/fs"

// flagsOf is nothing: there are none, or only an attempt to write meets them.
func flagsOf(fs.FileInfo) uint32 { return 0 }
