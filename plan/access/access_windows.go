package access

import "golang.org/x/sys/windows"

// Of is the access list of a file or folder in words, and its owner, as an SID. Links are
// followed.
func Of(path string) (list, owner string, err error) {
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return "", "", err
	}
	sid, _, err := sd.Owner()
	if err != nil {
		return "", "", err
	}
	return sd.String(), sid.String(), nil
}

// Elevated reports whether this process may do everything on the machine: it runs as the
// system, or as an administrator who has been asked.
func Elevated() bool { return windows.GetCurrentProcessToken().IsElevated() }
