package commit

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/codexform/codexform/plan/access"
)

// shown has refuseMachine see lists as Windows keeps them, where Wine keeps none: by the
// end of a path, and in order everywhere else.
func shown(t *testing.T, lists map[string][2]string) {
	t.Helper()
	list, rights := listOf, elevated
	t.Cleanup(func() { listOf, elevated = list, rights })
	elevated = func() bool { return true }
	listOf = func(path string, _ *os.File) (list, owner string, err error) {
		for end, l := range lists {
			if strings.HasSuffix(path, end) {
				return l[0], l[1], nil
			}
		}
		return access.PublicFolder, "S-1-5-32-544", nil
	}
}

func machine(t *testing.T, programData string) *Session {
	t.Helper()
	s, err := Open(Options{Home: filepath.Join(programData, "OpenAI", "Codex"), State: filepath.Join(programData, "codexform")})
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// install is the first install of the machine's layer, and a second run over it.
func install(t *testing.T, programData string) {
	t.Helper()
	for range 2 {
		s := machine(t, programData)
		must(t, s.RefusesRun())
		must(t, s.Lock(t.Context()))
		st, err := s.Read()
		must(t, err)
		if st.Config.Refusal != nil {
			t.Fatal(st.Config.Refusal)
		}
		sw, err := s.Switch(t.Context(), Change{
			Before: st, Config: &File{Data: []byte(newConfig)}, Auth: &File{Data: []byte("# pins\n")},
			StateFiles: StateFiles{Ledger: []byte("{1}"), History: []byte(`{"n":1}`)}, Order: SameOrigin,
		})
		must(t, err)
		must(t, sw.Commit())
		must(t, s.Close())
	}
	home := filepath.Join(programData, "OpenAI", "Codex")
	wantTree(t, home, tree{"config.toml": newConfig, "requirements.toml": "# pins\n"})
	wantTree(t, filepath.Join(programData, "codexform"), tree{"ledger.json": "{1}", "history.jsonl": "{\"n\":1}\n{\"n\":1}\n"})
}

func TestMachineLayer(t *testing.T) {
	shown(t, nil)
	install(t, t.TempDir())
}

func TestMachineLayerLeavesNothing(t *testing.T) {
	needUnlinkOfLocked(t)
	shown(t, nil)
	dir := t.TempDir()
	s := machine(t, dir)
	must(t, s.Lock(t.Context()))
	must(t, s.Close())
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// What everybody may make in ProgramData before us is not followed: not the folder, not
// one above it, not a file in it.
func TestMachineLayerRefuses(t *testing.T) {
	const kim, users = "S-1-5-21-1-2-3-1001", "D:AI(A;OICIID;FA;;;SY)(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)"
	for name, c := range map[string]struct {
		end, list, owner string
		want             Reason
		says             string
	}{
		"Codex's folder of a user's":         {`OpenAI\Codex`, access.PublicFolder, kim, ReasonOwner, kim},
		"OpenAI's folder of a user's":        {`OpenAI`, access.PublicFolder, kim, ReasonOwner, kim},
		"our own folder of a user's":         {`codexform`, access.PublicFolder, kim, ReasonOwner, kim},
		"a folder that takes users' files":   {`OpenAI\Codex`, users, "S-1-5-18", ReasonOwner, "takes files of all users"},
		"above, users may add":               {`OpenAI`, users, "S-1-5-18", "", ""},
		"above, everybody may replace":       {`OpenAI`, "D:(A;;FA;;;WD)", "S-1-5-18", ReasonOwner, "replaced by everyone"},
		"what was a user's, and still is":    {`OpenAI\Codex`, access.PublicFolder + "(A;;FA;;;" + kim + ")", "S-1-5-32-544", ReasonOwner, kim},
		"a file of a user's":                 {`config.toml`, access.PublicFile, kim, ReasonOwner, kim},
		"a file that users may write":        {`config.toml`, "D:(A;;FA;;;BU)", "S-1-5-18", ReasonOwner, "changed by all users"},
		"a file that users cannot read":      {`config.toml`, "D:P(A;;FA;;;SY)(A;;FA;;;BA)", "S-1-5-18", ReasonClosed, "closed to users"},
		"a folder that users cannot look in": {`OpenAI\Codex`, "D:P(A;OICI;FA;;;SY)", "S-1-5-18", ReasonClosed, "closed to users"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			plant(t, dir, tree{"OpenAI/Codex/config.toml": oldConfig, "codexform/ledger.json": "{0}"})
			shown(t, map[string][2]string{c.end: {c.list, c.owner}})
			s := machine(t, dir)
			err := s.RefusesRun()
			if st, readErr := s.Read(); err == nil && readErr == nil {
				err = st.Config.Refusal
			}
			if c.want == "" {
				must(t, err)
				return
			}
			refused := wantError[*RefusedError](t, err)
			if refused.Reason != c.want || !strings.Contains(refused.Error(), c.says) || !strings.Contains(refused.Fix, "icacls") {
				t.Errorf("%v, fix: %s: want %s, %q and a line of icacls", refused, refused.Fix, c.want, c.says)
			}
		})
	}
}

func TestMachineLayerNeedsRights(t *testing.T) {
	shown(t, nil)
	elevated = func() bool { return false }
	dir := t.TempDir()
	plant(t, dir, tree{"OpenAI/Codex/config.toml": oldConfig})
	if refused := wantError[*RefusedError](t, machine(t, dir).RefusesRun()); refused.Reason != ReasonOwner || !strings.Contains(refused.Fix, "administrator") {
		t.Errorf("%v, fix: %s: want who may", refused, refused.Fix)
	}
	if _, err := machine(t, dir).Read(); err != nil {
		t.Errorf("anybody may look at it: %v", err)
	}
}

// On a Windows with lists, what is made has the list that is meant, from ProgramData down.
func TestMachineLayerLists(t *testing.T) {
	if underWine {
		t.Skip("Wine keeps no access lists")
	}
	if !access.Elevated() {
		t.Skip("this user does not administer the machine")
	}
	dir, err := os.MkdirTemp(os.Getenv("ProgramData"), "codexform-test-")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	if out, err := exec.Command("icacls", dir, "/setowner", "*S-1-5-32-544").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := exec.Command("icacls", dir, "/inheritance:r", "/grant", "*S-1-5-18:(OI)(CI)F", "*S-1-5-32-544:(OI)(CI)F", "*S-1-5-32-545:(OI)(CI)RX").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	install(t, dir)
	for path, kind := range map[string]access.Kind{
		`OpenAI`: access.Folder, `OpenAI\Codex`: access.Folder, `codexform`: access.Folder,
		`OpenAI\Codex\config.toml`: access.File, `OpenAI\Codex\requirements.toml`: access.File,
		`codexform\ledger.json`: access.File, `codexform\history.jsonl`: access.File,
	} {
		list, owner, err := access.Of(filepath.Join(dir, path))
		must(t, err)
		if fault, _ := access.Fault(list, owner, kind); fault != "" || !access.Readable(list) {
			t.Errorf("%s %s, readable: %v: %s", path, fault, access.Readable(list), list)
		}
	}
}

// A file that a user names and that may hold a key is nobody else's, whatever its folder
// hands down.
func TestUserFileList(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plan.json")
	must(t, WriteUserFile(path, []byte("{}"), 0o600, false))
	if err := WriteUserFile(path, nil, 0o600, false); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over one that is there: %v", err)
	}
	must(t, WriteUserFile(path, []byte("[]"), 0o600, true))
	wantTree(t, filepath.Dir(path), tree{"plan.json": "[]"})
	if err := WriteUserFile(filepath.Join(t.TempDir(), "CON"), nil, 0o600, true); err == nil || strings.Contains(err.Error(), ".codexform-") {
		t.Errorf("to a device: %v", err)
	}
	if underWine {
		t.Skip("Wine keeps no access lists")
	}
	list, _, err := access.Of(path)
	must(t, err)
	if !strings.Contains(list, "D:P") || access.Readable(list) {
		t.Errorf("its list is %s, want one of its own, for nobody but who wrote it", list)
	}
}

func TestHomeOfADevice(t *testing.T) {
	for _, home := range []string{`\\.\NUL`, `C:\x\aux`, `C:\COM1`} {
		_, err := Open(Options{Home: home})
		if refused := wantError[*RefusedError](t, err); !strings.Contains(refused.Detail, "device") {
			t.Errorf("%s: %v", home, err)
		}
	}
}

// What belongs to a config.toml beside its content stays with it.
func TestAttributesAndStreamsStay(t *testing.T) {
	home := oldHome(t)
	path := filepath.Join(home, "config.toml")
	name, err := windows.UTF16PtrFromString(path)
	must(t, err)
	must(t, windows.SetFileAttributes(name, windows.FILE_ATTRIBUTE_HIDDEN))
	const from = "[ZoneTransfer]\r\nZoneId=3\r\n"
	streams := os.WriteFile(path+":Zone.Identifier", []byte(from), 0o600)
	if got, err := windows.GetFileAttributes(name); err != nil || got&windows.FILE_ATTRIBUTE_HIDDEN == 0 {
		if underWine {
			t.Skip("Wine keeps attributes only where the file system below has extended ones")
		}
		t.Fatalf("the attributes of a new file are %x, %v, want it hidden", got, err)
	}
	s, _ := locked(t, home)
	must(t, switched(t, s, SameOrigin).Commit())
	got, err := windows.GetFileAttributes(name)
	must(t, err)
	if got&windows.FILE_ATTRIBUTE_HIDDEN == 0 {
		t.Errorf("the new config.toml has attributes %x, want it hidden as before", got)
	}
	if underWine {
		t.Skip("Wine has no streams")
	}
	must(t, streams)
	if b, err := os.ReadFile(path + ":Zone.Identifier"); err != nil || string(b) != from {
		t.Errorf("the stream holds %q, %v, want %q", b, err, from)
	}
}
