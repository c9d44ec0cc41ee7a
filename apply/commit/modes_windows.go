package commit

import (
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

const openNoBlock = 0

// hasModes is false: permission bits say little here, access lists rule.
const hasModes = false

// protect leaves a new file to its owner and the system, and cuts off what the
// folder would hand down.
func protect(file *os.File) error {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return err
	}
	sd, err := windows.SecurityDescriptorFromString(fmt.Sprintf("D:P(A;;FA;;;SY)(A;;FA;;;%s)", user.User.Sid))
	if err != nil {
		return err
	}
	dacl, _, err := sd.DACL()
	if err != nil {
		return err
	}
	return windows.SetNamedSecurityInfo(file.Name(), windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, dacl, nil)
}

func setMode(*os.File, fs.FileMode) error { return nil }

func setOwner(*os.File, fs.FileInfo) error { return nil }

func othersOwn(fs.FileInfo) bool { return false }

func othersWrite(fs.FileInfo) bool { return false }

func inode(fs.FileInfo) uint64 { return 0 }

func hardLinks(fs.FileInfo) uint64 { return 1 }
