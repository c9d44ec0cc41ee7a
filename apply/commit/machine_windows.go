package commit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"

	"github.com/codexform/codexform/plan/access"
)

// What is said to somebody who does not rule the machine.
const (
	notRuler    = "is the machine's own layer, and the administrators' to write"
	becomeRuler = "run it from a console opened as administrator, or as the system"
)

// rulesMachine reports whether this process may write what the whole machine obeys.
func rulesMachine() bool { return elevated() }

// listOf is the access list and the owner of something that is open at a path. Tests have others for
// both: Wine keeps no lists, and nobody administers it.
var (
	listOf   = func(_ string, file *os.File) (list, owner string, err error) { return access.OfFile(file) }
	elevated = access.Elevated
)

// listed reports a folder in which a new file's access list is right as it is: that of the
// machine's files is not theirs to inherit from an old one that was closed or open.
func (f *folder) listed() bool { return f.public }

// refuseMachine is why a file or folder that the whole machine obeys must not be written:
// ProgramData lets everybody make folders, so each one on the way is judged, the volume's
// own included, and a link or junction among them is nobody's word.
func (s *Session) refuseMachine(path string, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return bare(err)
	}
	kind := access.File
	if info.IsDir() {
		if kind = access.Folder; !s.layerFolder(path) {
			kind = access.Above
		}
		if err := refuseAbove(filepath.Dir(path)); err != nil {
			return err
		}
	}
	return refuseListed(path, file, kind)
}

// layerFolder reports one of the folders whose files count, not one above them.
func (s *Session) layerFolder(path string) bool {
	for _, of := range []string{s.options.Home, s.options.State} {
		if there, err := os.Stat(of); err == nil {
			if info, err := os.Stat(path); err == nil && os.SameFile(info, there) {
				return true
			}
		}
	}
	return false
}

// refuseAbove judges the folders above one, from the volume's root down: nobody can take
// the place of one whose own are all in order.
func refuseAbove(dir string) error {
	kind := access.Volume
	if above := filepath.Dir(dir); above != dir {
		kind = access.Above
		if err := refuseAbove(above); err != nil {
			return err
		}
	}
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && !info.IsDir() {
		return &RefusedError{Path: dir, Reason: ReasonNotRegular, Detail: "is no folder of its own, and lies above what the whole machine obeys", Fix: "remove the link, or let ProgramData name the folder behind it"}
	}
	var file *os.File
	if err == nil {
		file, err = os.Open(dir)
	}
	if err != nil {
		return dirError(dir, err)
	}
	defer file.Close()
	return refuseListed(dir, file, kind)
}

func refuseListed(path string, file *os.File, kind access.Kind) error {
	list, owner, err := listOf(path, file)
	if err != nil {
		return &RefusedError{Path: path, Reason: ReasonUnreadable, Detail: "does not show whose it is: " + bare(err).Error(), Fix: "give administrators the right to read its access list"}
	}
	if fault, fix := access.Fault(list, owner, kind); fault != "" {
		return &RefusedError{Path: path, Reason: ReasonOwner, Detail: fault, Fix: `look at what is in it, then: icacls "` + path + `"` + fix}
	}
	if kind != access.Above && kind != access.Volume && !access.Readable(list) {
		return &RefusedError{Path: path, Reason: ReasonClosed, Detail: "is closed to users, and a Codex that cannot read it does not start", Fix: `icacls "` + path + `" /grant *S-1-5-32-545:RX`}
	}
	return nil
}

// makeDir makes a folder: the machine's for the administrators to write and all to read,
// from the moment that it is there; another's as the folder above hands it down.
func makeDir(parent *folder, name string) error {
	if !parent.public {
		return parent.root.Mkdir(name, 0o700)
	}
	sd, err := windows.SecurityDescriptorFromString(access.PublicFolder)
	if err != nil {
		return err
	}
	const share = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	h, err := ntCreate(parent.self, name, windows.FILE_LIST_DIRECTORY|windows.SYNCHRONIZE, share, windows.FILE_CREATE, windows.FILE_DIRECTORY_FILE, sd)
	if err != nil {
		return err
	}
	return windows.CloseHandle(h)
}
