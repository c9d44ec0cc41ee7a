package commit

import (
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"

	"github.com/codexform/codexform/plan/access"
)

// createPrivate makes a new file that from its first byte on belongs to the owner of its
// folder, and is for that owner and the system alone, whatever the folder hands down.
func createPrivate(f *folder, name string) (*os.File, error) {
	sd, owner, err := listFor(f)
	if err != nil {
		return nil, err
	}
	const rights = windows.GENERIC_READ | windows.GENERIC_WRITE | windows.SYNCHRONIZE | windows.READ_CONTROL | windows.WRITE_DAC | windows.WRITE_OWNER
	const share = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	h, err := ntCreate(f.self, name, rights, share, windows.FILE_CREATE, windows.FILE_NON_DIRECTORY_FILE, sd)
	if err != nil {
		return nil, err
	}
	if owner != nil {
		giveTo(h, owner)
	}
	return os.NewFile(uintptr(h), name), nil
}

// createUserFile makes a new file: one that is nobody else's has such a list, whatever the
// folder hands down.
func createUserFile(path string, mode fs.FileMode) (*os.File, error) {
	if mode&0o077 != 0 {
		return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	}
	dir, err := openFolder(filepath.Dir(path))
	if err == nil {
		defer dir.close()
		var f *os.File
		if f, err = createPrivate(dir, filepath.Base(path)); err == nil {
			return f, nil
		}
	}
	return nil, &fs.PathError{Op: "open", Path: path, Err: err}
}

// listFor is the access list of a new file, and to whom it is given afterwards. What lies
// in a folder of the machine's belongs to the administrators at once.
func listFor(f *folder) (*windows.SECURITY_DESCRIPTOR, *windows.SID, error) {
	if !f.public {
		return privately(f.self)
	}
	sd, err := windows.SecurityDescriptorFromString(access.PublicFile)
	return sd, nil, err
}

// privately is the access list of a new file in a folder, and who it should belong to.
func privately(dir *os.File) (*windows.SECURITY_DESCRIPTOR, *windows.SID, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, nil, err
	}
	owner := user.User.Sid
	if sd, err := windows.GetSecurityInfo(windows.Handle(dir.Fd()), windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION); err == nil {
		if sid, _, err := sd.Owner(); err == nil && sid != nil {
			owner = sid
		}
	}
	sd, err := windows.SecurityDescriptorFromString(privateList(owner.String(), user.User.Sid.String()))
	return sd, owner, err
}

// giveTo makes a file of the system's, or of an administrator's, belong to somebody else.
// Who may not do that keeps it, and the list lets the owner of the folder in all the same.
func giveTo(file windows.Handle, owner *windows.SID) {
	defer enable("SeRestorePrivilege")()
	_ = windows.SetSecurityInfo(file, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION, owner, nil, nil, nil)
}

// enable switches a privilege on that the process holds, until the function it returns is
// called.
func enable(privilege string) func() {
	nothing := func() {}
	name, err := windows.UTF16PtrFromString(privilege)
	if err != nil {
		return nothing
	}
	var id windows.LUID
	if windows.LookupPrivilegeValue(nil, name, &id) != nil {
		return nothing
	}
	var token windows.Token
	if windows.OpenProcessToken(windows.CurrentProcess(), windows.TOKEN_ADJUST_PRIVILEGES|windows.TOKEN_QUERY, &token) != nil {
		return nothing
	}
	set := func(attributes uint32) {
		p := windows.Tokenprivileges{PrivilegeCount: 1, Privileges: [1]windows.LUIDAndAttributes{{Luid: id, Attributes: attributes}}}
		_ = windows.AdjustTokenPrivileges(token, false, &p, 0, nil, nil)
	}
	set(windows.SE_PRIVILEGE_ENABLED)
	return func() { set(0); token.Close() }
}
