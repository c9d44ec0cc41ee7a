package access

import (
	"os"

	"golang.org/x/sys/windows"
)

// Of is the access list of a file or folder in words, and its owner, as an SID. Links are
// followed.
func Of(path string) (list, owner string, err error) {
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return "", "", err
	}
	return words(sd)
}

// Elevated reports whether this process may do everything on the machine: it runs as the
// system, or as an administrator who has been asked.
func Elevated() bool { return windows.GetCurrentProcessToken().IsElevated() }

// OfFile is Of for an open file or folder: whatever happens to its name meanwhile.
func OfFile(file *os.File) (list, owner string, err error) {
	sd, err := windows.GetSecurityInfo(windows.Handle(file.Fd()), windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return "", "", err
	}
	return words(sd)
}

func words(sd *windows.SECURITY_DESCRIPTOR) (list, owner string, err error) {
	sid, _, err := sd.Owner()
	if err != nil {
		return "", "", err
	}
	return sd.String(), sid.String(), nil
}
