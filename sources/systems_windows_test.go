package sources_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"golang.org/x/sys/windows"

	"github.com/codexform/codexform/plan/access"
	"github.com/codexform/codexform/sources"
)

// A policy named from the root of the present drive is asked for by its drive: Codex runs
// codexform token in the folder of a session, which may lie on another.
func TestTokenNamesTheDrive(t *testing.T) {
	text := "version: 1\nprovider: {id: G, base_url: \"https://g.example/v1\"}\ndelivery: command\nsecret: {env: KEY}\n"
	w := world(t, map[string]string{`\policies\100% mine.yaml`: text}, nil)
	w.OS, w.Dir = "windows", `D:\work`
	p, err := sources.Load(w, []string{`\policies\100% mine.yaml`})
	if err != nil {
		t.Fatal(err)
	}
	want := `["token", "-f", "D:\\policies\\100% mine.yaml"]`
	for _, s := range p.Desired.Settings {
		if strings.HasSuffix(s.Address.String(), "auth.args") {
			if got := s.Value.String(); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			return
		}
	}
	t.Error("no arguments")
}

// A policy that everybody may write, by its access list, is told and not followed.
func TestPolicyThatEverybodyMayWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "codex.yaml")
	if err := os.WriteFile(file, []byte("version: 1\nmodel: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := world(t, nil, nil)
	w.Fs = afero.NewOsFs()
	p, err := sources.Load(w, []string{file})
	if err != nil || p.Trusted() != nil {
		list, owner, _ := access.Of(file)
		t.Fatalf("of a list of %s by %s: %v, %v", list, owner, err, p.Trusted())
	}
	sd, err := windows.SecurityDescriptorFromString("D:P(A;;FA;;;WD)")
	if err != nil {
		t.Fatal(err)
	}
	open, _, err := sd.DACL()
	if err != nil {
		t.Fatal(err)
	}
	if err := windows.SetNamedSecurityInfo(file, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, open, nil); err != nil {
		t.Fatal(err)
	}
	if p, err = sources.Load(w, []string{file}); err != nil {
		t.Fatal(err)
	}
	if err := p.Trusted(); err == nil || !strings.Contains(err.Error(), "everyone may write this policy") || !strings.Contains(err.Error(), "icacls") {
		t.Errorf("got %v", err)
	}
}
