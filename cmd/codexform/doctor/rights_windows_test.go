package doctor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/access"
	"github.com/codexform/codexform/sources"
)

const (
	kim    = "S-1-5-21-1-2-3-1001"
	admins = "S-1-5-32-544"
)

// asListed examines the machine's files below a ProgramData for an administrator, with one
// list as Windows keeps it, and all others in order.
func asListed(t *testing.T, programData, at, list, owner string) []ui.Finding {
	t.Helper()
	real := accessOf
	t.Cleanup(func() { accessOf = real })
	accessOf = func(path string) (string, string, error) {
		if _, err := os.Lstat(path); err != nil {
			return "", "", err
		}
		if strings.EqualFold(path, at) {
			return list, owner, nil
		}
		return access.PublicFolder, admins, nil
	}
	e := exam{Case: Case{ForRoot: true, World: sources.World{
		Fs: afero.NewOsFs(), OS: "windows",
		LookupEnv: func(name string) (string, bool) { return programData, name == "ProgramData" },
	}}}
	e.checkSystemFiles()
	return e.report.Findings
}

// What every user's Codex obeys, and every folder above it, is the administrators' alone,
// and open to users; where it is not, doctor names it and the command that mends it.
func TestSystemFilesByTheirLists(t *testing.T) {
	data := t.TempDir()
	layer := filepath.Join(data, "OpenAI", "Codex")
	if err := os.MkdirAll(layer, 0o755); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(layer, "config.toml")
	if err := os.WriteFile(config, []byte("model = \"m\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	const users = "(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x1301bf;;;BU)"
	for name, c := range map[string]struct{ at, list, owner, id string }{
		"in order":                         {config, access.PublicFile, admins, ""},
		"somebody's file":                  {config, access.PublicFile, kim, "system-file-writable"},
		"a file that users change":         {config, "D:P" + users, admins, "system-file-writable"},
		"a file that users cannot read":    {config, "D:P(A;;FA;;;SY)(A;;FA;;;BA)", admins, "system-file-closed"},
		"a folder that users cannot enter": {layer, "D:P(A;;FA;;;SY)(A;;FA;;;BA)", admins, "system-file-closed"},
		"a folder that takes users' files": {layer, "D:P(A;;FA;;;BA)(A;;0x1200ab;;;BU)", admins, "system-file-writable"},
		"somebody's folder above":          {filepath.Dir(layer), access.PublicFolder, kim, "system-file-writable"},
		"ProgramData as it is":             {data, "D:AI(A;OICIID;FA;;;SY)(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)", "S-1-5-18", ""},
	} {
		var got string
		found := asListed(t, data, c.at, c.list, c.owner)
		if len(found) > 0 {
			got = found[0].ID
		}
		if got != c.id || len(found) > 1 {
			t.Errorf("%s: %+v, want %q", name, found, c.id)
		}
		for _, f := range found {
			if f.Severity != plan.Error || !strings.Contains(f.Fix, `icacls "`+c.at+`"`) || strings.Contains(f.Fix, "chmod") {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
	if found := asListed(t, filepath.Join(data, "none"), data, "D:(A;;FA;;;WD)", kim); found != nil {
		t.Errorf("without a layer: %+v", found)
	}
}
