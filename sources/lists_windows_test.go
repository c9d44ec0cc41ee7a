package sources

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/access"
)

const (
	kim    = "S-1-5-21-1-2-3-1001"
	admins = "S-1-5-32-544"
)

// shown has lists be as Windows keeps them, by path, and in order everywhere else.
func shown(t *testing.T, ruler bool, lists map[string][2]string) {
	t.Helper()
	list, rights := accessOf, elevated
	t.Cleanup(func() { accessOf, elevated = list, rights })
	elevated = func() bool { return ruler }
	accessOf = func(path string) (list, owner string, err error) {
		if l, ok := lists[strings.ToLower(path)]; ok {
			return l[0], l[1], nil
		}
		return access.PublicFolder, admins, nil
	}
}

// A policy is followed with the rights of the machine only where nobody but its rulers may
// change it, or put another in its place, at any height.
func TestPolicyOfTheMachine(t *testing.T) {
	const policy = `C:\ProgramData\codexform\sub\codex.yaml`
	const inherited = "D:AI(A;OICIID;FA;;;SY)(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)"
	me := self()
	for name, c := range map[string]struct {
		at, list, owner string
		ruler           bool
		says            string
	}{
		"in order":                             {policy, access.PublicFile, admins, true, ""},
		"one's own":                            {policy, access.PublicFile + "(A;;FA;;;" + me + ")", me, true, ""},
		"somebody else's":                      {policy, access.PublicFile, kim, true, kim},
		"somebody else's, for a user":          {policy, access.PublicFile, kim, false, ""},
		"in somebody else's folder":            {`C:\ProgramData\codexform\sub`, access.PublicFolder, kim, true, kim},
		"below somebody else's folder":         {`C:\ProgramData\codexform`, access.PublicFolder, kim, true, `below C:\ProgramData\codexform, which belongs to`},
		"in one that was somebody else's":      {`C:\ProgramData\codexform`, access.PublicFolder + "(A;;FA;;;" + kim + ")", admins, true, "replaced by " + kim},
		"ProgramData as it is":                 {`C:\ProgramData`, inherited, "S-1-5-18", true, ""},
		"a volume that users may write":        {`C:\`, "D:(A;OICI;0x1301bf;;;AU)", admins, true, ""},
		"everybody may write it":               {policy, "D:(A;;FA;;;WD)", admins, false, "everyone may write this policy"},
		"everybody may write its folder":       {`C:\ProgramData\codexform\sub`, "D:(A;;FA;;;WD)", admins, false, "everyone may put another policy"},
		"everybody may write one further up":   {`C:\ProgramData\codexform`, "D:(A;;FA;;;WD)", admins, true, "everyone"},
		"as who may do nothing to the machine": {`C:\ProgramData\codexform`, "D:(A;;FA;;;WD)", admins, false, ""},
	} {
		shown(t, c.ruler, map[string][2]string{strings.ToLower(c.at): {c.list, c.owner}})
		summary, fix := World{}.strangers(policy)
		if (summary == "") != (c.says == "") || !strings.Contains(summary, c.says) || summary != "" && !strings.Contains(fix, "icacls") {
			t.Errorf("%s: %q, fix %q: want %q", name, summary, fix, c.says)
		}
	}
}

// A file with a secret is judged by its list, as it is by its mode elsewhere.
func TestSecretFileByItsList(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte("sk-0123456789abcdef"), 0o600); err != nil {
		t.Fatal(err)
	}
	for list, want := range map[string]string{
		"D:P(A;;FA;;;SY)(A;;FA;;;" + kim + ")": "",
		"D:P(A;;FA;;;SY)(A;;FR;;;BU)":          "all users may read the file",
		"D:(A;;FA;;;WD)":                       "everyone may write the file",
	} {
		shown(t, false, map[string][2]string{strings.ToLower(path): {list, kim}})
		_, warnings, err := readSecretFile(disk{fs: afero.NewOsFs()}, path, "file:key")
		said := strings.Join(warnings, "\n")
		if e := (*Error)(nil); errors.As(err, &e) {
			said += e.Message + e.Hint
		}
		if (said == "") != (want == "") || !strings.Contains(said, want) || said != "" && !strings.Contains(said, "icacls") {
			t.Errorf("%s: %q, %v: want %q", list, said, err, want)
		}
	}
}
