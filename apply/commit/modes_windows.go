package commit

import (
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

const openNoBlock = 0

// hasModes is false: permission bits say little here, access lists rule.
const hasModes = false

func setMode(*os.File, fs.FileMode) error { return nil }

// setOwner has nothing to do: who a file belongs to is decided when it is made.
func setOwner(*os.File, fs.FileInfo) error { return nil }

func othersOwn(fs.FileInfo) bool { return false }

func othersWrite(fs.FileInfo) bool { return false }

// readOnlyMark is the attribute by which people keep a file as it is. On a folder it
// means nothing.
func readOnlyMark(info fs.FileInfo) (mark, fix string) {
	if info.IsDir() || info.Mode().Perm()&0o200 != 0 {
		return "", ""
	}
	return "is marked read-only", "attrib -r"
}

// numbered is what the system says of an open file, and its name alone does not.
type numbered struct {
	fs.FileInfo
	links, index uint64
}

// described is info with the number of the file and of its names.
func described(file *os.File, info fs.FileInfo) fs.FileInfo {
	var d windows.ByHandleFileInformation
	if windows.GetFileInformationByHandle(windows.Handle(file.Fd()), &d) != nil {
		return info
	}
	return numbered{info, uint64(d.NumberOfLinks), uint64(d.FileIndexHigh)<<32 | uint64(d.FileIndexLow)}
}

func inode(info fs.FileInfo) uint64 {
	n, _ := info.(numbered)
	return n.index
}

func hardLinks(info fs.FileInfo) uint64 {
	if n, ok := info.(numbered); ok {
		return n.links
	}
	return 1
}
