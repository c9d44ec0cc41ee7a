package sources

import (
	"io/fs"
	"path/filepath"

	"golang.org/x/sys/windows"

	"github.com/codexform/codexform/plan/access"
)

// othersMay is nothing: the bits that Go shows here say nothing about other people.
func othersMay(fs.FileMode) fs.FileMode { return 0 }

// strangers judges a policy by its access list, that of its folder, and, where it would be
// followed with the rights of the whole machine, its owner: everybody may make a folder in
// ProgramData. What has no list, as in a test, is not judged.
func (w World) strangers(file string) (summary, fix string) {
	list, owner, err := access.Of(file)
	if err != nil {
		return "", ""
	}
	const only = ` /inheritance:r /grant "%USERNAME%:F" *S-1-5-18:F *S-1-5-32-544:F`
	if who := access.Changes(list); who != "" {
		return mayWrite(who), `icacls "` + file + `"` + only
	}
	if access.Elevated() && !access.MachineOwned(owner) && owner != self() {
		return "another account owns this policy, which would be followed with the rights of an administrator",
			`look at what is in it, then: icacls "` + file + `" /setowner *S-1-5-32-544`
	}
	folder := filepath.Dir(file)
	if list, _, err := access.Of(folder); err == nil {
		if who := access.Replaces(list); who != "" {
			return mayReplace(who), `icacls "` + folder + `"` + only
		}
	}
	return "", ""
}

// self is the account that this process runs as.
func self() string {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return ""
	}
	return user.User.Sid.String()
}
