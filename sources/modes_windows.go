package sources

import (
	"io/fs"
	"path/filepath"

	"golang.org/x/sys/windows"

	"github.com/codexform/codexform/plan/access"
)

// othersMay is nothing: the bits that Go shows here say nothing about other people.
func othersMay(fs.FileMode) fs.FileMode { return 0 }

// Who may do what with a file, and who we are. Tests have others: Wine keeps no lists.
var (
	accessOf = access.Of
	elevated = access.Elevated
)

// only is what leaves a file to its owner, and to the machine itself.
const only = ` /inheritance:r /grant "%USERNAME%:F" *S-1-5-18:F *S-1-5-32-544:F`

// strangers judges a policy by its access list and that of its folder; where it would be
// followed with the rights of the whole machine, by those of all folders above and their
// owners too: everybody may make a folder in ProgramData. What has no list, as in a test,
// is not judged.
func (w World) strangers(file string) (summary, fix string) {
	file, err := filepath.Abs(file)
	if err != nil {
		return "", ""
	}
	list, owner, err := accessOf(file)
	if err != nil {
		return "", ""
	}
	if who := access.Changes(list); who != "" {
		return mayWrite(who), `icacls "` + file + `"` + only
	}
	if elevated() {
		return asRuler(file, list, owner)
	}
	folder := filepath.Dir(file)
	if list, _, err := accessOf(folder); err == nil {
		if who := access.Replaces(list); who != "" {
			return mayReplace(who), `icacls "` + folder + `"` + only
		}
	}
	return "", ""
}

// asRuler judges a policy and the folders above it for an administrator, or the system.
func asRuler(file, list, owner string) (summary, fix string) {
	const followed = ", and would be followed with the rights of an administrator"
	if fault, fix := access.Fault(list, owner, access.File, self()); fault != "" {
		return "this policy " + fault + followed, `look at what is in it, then: icacls "` + file + `"` + fix
	}
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		kind := access.Above
		if dir == filepath.Dir(dir) {
			kind = access.Volume
		}
		if list, owner, err := accessOf(dir); err == nil {
			if fault, fix := access.Fault(list, owner, kind, self()); fault != "" {
				return "this policy lies below " + dir + ", which " + fault + followed, `look at what is in it, then: icacls "` + dir + `"` + fix
			}
		}
		if kind == access.Volume {
			return "", ""
		}
	}
}

// self is the account that this process runs as.
func self() string {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return ""
	}
	return user.User.Sid.String()
}

// exposed judges by the access list.
func exposed(path string, _ fs.FileInfo) exposure {
	list, _, err := accessOf(path)
	if err != nil {
		return exposure{} // no file of this system's, as in a test
	}
	e := exposure{writers: access.Changes(list), fix: `icacls "` + path + `"` + only}
	if access.Readable(list) {
		e.readers = "all users"
	}
	return e
}
