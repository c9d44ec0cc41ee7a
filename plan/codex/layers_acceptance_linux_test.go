package codex_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
)

// systemCodex is the real Codex in a mount namespace of its own, where /etc/codex
// holds the given files. Nobody else sees them.
func systemCodex(t *testing.T, files map[string]string) (codex.Binary, codex.Layers) {
	t.Helper()
	b, etc := systemProgram(t, codextest.Binary(t), files)
	return b, codex.ReadLayers(afero.NewBasePathFs(afero.NewOsFs(), filepath.Dir(etc)), codex.LayerFiles("linux", ""))
}

// systemProgram is a program with which /etc is the folder that it gives.
func systemProgram(t *testing.T, real string, files map[string]string) (codex.Binary, string) {
	t.Helper()
	etc := filepath.Join(t.TempDir(), "etc")
	if err := os.MkdirAll(filepath.Join(etc, "codex"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(etc, "codex", name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	inside := "mount -t overlay overlay -o lowerdir=" + etc + ":/etc /etc && exec \"$@\""
	if out, err := exec.Command("unshare", "-m", "sh", "-c", inside, "sh", "true").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED, NOTHING IS PROVED: this user cannot mount in a namespace: %v %s", err, out)
	}
	path := filepath.Join(t.TempDir(), "codex")
	script := "#!/bin/sh\nexec unshare -m sh -c '" + inside + "' sh " + real + " \"$@\"\n"
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return codex.Binary{Path: path}, etc
}

var countedRequirements = regexp.MustCompile(`struct ConfigRequirementsToml with (\d+) elements?`)

// TestRequirementsAreCounted: each version refuses the keys of requirements.toml that the
// table gives it with a value that they do not take, and ignores all others; and they are
// as many as the program itself counts, where it does.
func TestRequirementsAreCounted(t *testing.T) {
	codextest.Each(t, func(t *testing.T, version, program string) {
		v, err := codex.ParseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		b, etc := systemProgram(t, program, nil)
		loads := func(text string) error {
			codextest.WriteFile(t, filepath.Join(etc, "codex"), "requirements.toml", text)
			return b.Loads(t.Context(), []byte(gate))
		}
		known, others := 0, ""
		for _, name := range codex.Requirements() {
			kind, values := codex.RequirementOf(name, v)
			wrong := name + " = 5\n"
			if kind == "" {
				others += wrong
				continue
			}
			known++
			if loads(wrong) == nil {
				t.Errorf("Codex %s starts with %s", version, wrong)
			}
			if kind == "enums" {
				values = []string{fmt.Sprintf("%q", values)}
			}
			for _, value := range values {
				text := name + " = " + strings.ReplaceAll(value, "\" \"", "\", \"") + "\n"
				if kind == "enum" {
					text = fmt.Sprintf("%s = %q\n", name, value)
				}
				if err := loads(text); err != nil {
					t.Errorf("Codex %s does not start with %s%v", version, text, err)
				}
			}
		}
		if err := loads(others); err != nil {
			t.Errorf("Codex %s does not ignore one of\n%s%v", version, others, err)
		}
		data, err := os.ReadFile(program)
		if err != nil {
			t.Fatal(err)
		}
		if kind, _ := codex.RequirementOf("feature_requirements", v); kind != "" {
			known-- // another name of features
		}
		if m := countedRequirements.FindSubmatch(data); m != nil && strconv.Itoa(known) != string(m[1]) {
			t.Errorf("the table has %d keys of requirements.toml, Codex %s has %s", known, version, m[1])
		}
	})
}

const corp = `model_provider = "corp"
[model_providers.corp]
name = "Corp"
base_url = "https://corp.example/v1"
`

// TestOverridden asks the real Codex which layer a key comes from, and holds what
// the rule reads off the files against it.
func TestOverridden(t *testing.T) {
	for _, tc := range []struct {
		name, file, content string
		provider            string // that Codex uses
		pinned              bool
		origin              string // of model_provider, as Codex says it
		overridden          bool
	}{
		{name: "nothing", file: "none", provider: "g"},
		{name: "managed_config", file: "managed_config.toml", content: corp, provider: "corp", pinned: true, origin: "/etc/codex/managed_config.toml", overridden: true},
		{name: "system", file: "config.toml", content: corp, provider: "g"},
		{name: "requirements", file: "requirements.toml", content: corp, provider: "corp", pinned: true, overridden: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b, layers := systemCodex(t, map[string]string{tc.file: tc.content})
			asked, err := b.Ask(t.Context(), []byte(gate))
			if err != nil {
				t.Fatal(err)
			}
			if asked.Provider != tc.provider || asked.Pinned != tc.pinned {
				t.Errorf("Codex uses %s, pinned %v", asked.Provider, asked.Pinned)
			}
			if got := asked.Origin(plan.Address{"model_provider"}); got != tc.origin {
				t.Errorf("Codex takes model_provider from %q, want %q", got, tc.origin)
			}
			if got := codex.Effective(layers.Merge(decode(t, gate)), plan.Auth{}, codex.Environment{}).Provider; got != tc.provider {
				t.Errorf("by the files it is %s", got)
			}
			for _, c := range []codex.Checked{{Layers: layers}, {Asked: &asked}} {
				c.Desired, c.Root = ours(t, gate), decode(t, gate)
				if got := hasRule(codex.Check(c), "overridden"); got != tc.overridden {
					t.Errorf("overridden with %d files, asked %v: %v", len(c.Layers), c.Asked != nil, got)
				}
			}
		})
	}
}

// TestLimits has the real Codex fall back from a value that requirements.toml does
// not allow.
func TestLimits(t *testing.T) {
	const config = "approval_policy = \"never\"\nsandbox_mode = \"danger-full-access\"\nweb_search = \"live\"\n"
	b, layers := systemCodex(t, map[string]string{"requirements.toml": `allowed_approval_policies = ["on-request"]
allowed_sandbox_modes = ["read-only", "workspace-write"]
allowed_web_search_modes = ["cached"]
`})
	home := codextest.Home(t)
	codextest.WriteFile(t, home, "config.toml", config)
	gateway := codextest.NewGateway(t)
	cmd := exec.CommandContext(t.Context(), b.Path, "exec", "--skip-git-repo-check",
		"-c", `model_provider="g"`, "-c", `model_providers.g={name="Gate",base_url="`+gateway.URL+`"}`, "hi")
	cmd.Dir, cmd.Env = home, []string{"HOME=" + home, "CODEX_HOME=" + home, "PATH=" + os.Getenv("PATH")}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// Codex counts what turns web search off among the allowed values.
	if !strings.Contains(string(out), "[Disabled, Cached]") {
		t.Errorf("Codex does not say that web_search may be disabled:\n%s", out)
	}
	for _, not := range []string{"approval: never", "sandbox: danger-full-access"} {
		if strings.Contains(string(out), not) {
			t.Errorf("Codex says %s", not)
		}
	}
	n := 0
	for _, d := range codex.Check(codex.Checked{Desired: ours(t, config), Root: decode(t, config), Layers: layers}) {
		if d.Rule == "overridden" {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d findings, want 3", n)
	}
}

// TestLayerUnreadable has the real Codex not start with a layer that is no TOML.
func TestLayerUnreadable(t *testing.T) {
	for _, name := range []string{"managed_config.toml", "requirements.toml", "config.toml"} {
		b, layers := systemCodex(t, map[string]string{name: "model =\n"})
		var bad *codex.LoadError
		if err := b.Loads(t.Context(), []byte(gate)); !errors.As(err, &bad) {
			t.Errorf("with a broken %s Codex says %v", name, err)
		}
		if found := codex.Check(codex.Checked{Desired: ours(t, gate), Root: decode(t, gate), Layers: layers}); !hasRule(found, "layer-unreadable") {
			t.Errorf("%s: findings %v", name, found)
		}
	}
}
