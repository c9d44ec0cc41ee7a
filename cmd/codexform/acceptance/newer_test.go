package acceptance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/codex/codextest"
)

// olderBuild is codexform as it was when a version of Codex was the newest: its tables
// end with that one.
func olderBuild(t *testing.T, last string) string {
	t.Helper()
	source, err := filepath.Abs("../../../plan/codex/measured.go")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	line := "\t{" + strings.ReplaceAll(last, ".", ", ") + "},\n"
	before, _, found := strings.Cut(string(text), line)
	if !found {
		t.Fatalf("the tables have no version %s", last)
	}
	dir := t.TempDir()
	cut, overlay, program := filepath.Join(dir, "measured.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "codexform")
	replaced, err := json.Marshal(map[string]any{"Replace": map[string]string{source: cut}})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{cut: before + line + "}\n", overlay: string(replaced)} {
		if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("go", "build", "-overlay", overlay, "-o", program, "github.com/codexform/codexform/cmd/codexform").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// later is what came after both of the tables, and what never was.
var later = []struct {
	name, policy string
	alone        string // that plan says where no Codex is at hand, which is wrong or vague
	code         int    // with the newest Codex
	says         string // then, "" for nothing that Codex ignores or refuses
}{
	{"a key", "settings: {rollout_trace: {max_bytes: 5}}", "rollout_trace", 0, ""},
	{"a key below", "settings: {otel: {headers_helper: helper}}", "headers_helper", 0, ""},
	{"a feature", "settings: {features: {tui_workspace: true}}", "tui_workspace", 0, ""},
	{"a hook", "settings: {hooks: {PreModelRequest: [{hooks: [{type: command, command: x}]}]}}", "PreModelRequest", 0, ""},
	{"a shortcut", "settings: {tui: {keymap: {pager: {mark_markdown: m}}}}", "mark_markdown", 0, ""},
	{"a window", "model: gpt-6.2-sol\nsettings: {model_context_window: 800000}", "", 0, ""},
	{"a window that is too large", "model: gpt-6.2-sol\nsettings: {model_context_window: 900000}", "", 0, "872000"},
	{"a key that never was", "settings: {modle: x, rollout_trace: {max_bytes: 5}}", "modle", 0, "does not know modle"},
	{"a key below that never was", "settings: {rollout_trace: {max_bites: 5}}", "rollout_trace", 0, "does not know rollout_trace.max_bites"},
	{"a feature that never was", "settings: {features: {no_such_feature: true}}", "no_such_feature", 0, "no_such_feature"},
	{"a value that no version takes", "settings: {responses: {process_mode: never}}", "responses", 3, "process_mode"},
	{"a kind that no version takes", "settings: {rollout_trace: 5}", "rollout_trace", 3, "rollout_trace"},
}

// TestACodexNewerThanTheTables: through the command line, nothing that a Codex knows is
// called unknown by a codexform that is older, and what it does not take is not written.
func TestACodexNewerThanTheTables(t *testing.T) {
	newest := codextest.Binary(t)
	for _, last := range []string{"0.158.0", "0.142.3"} {
		program := olderBuild(t, last)
		for _, tc := range later {
			t.Run(last+" "+tc.name, func(t *testing.T) {
				home, dir := codextest.Home(t), t.TempDir()
				write(t, dir, "version: 1\n"+tc.policy+"\n")
				in := func(args ...string) (string, int) {
					cmd := exec.CommandContext(t.Context(), program, append(args, "--codex-home", home)...)
					cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH")}
					out, _ := cmd.CombinedOutput()
					return string(out), cmd.ProcessState.ExitCode()
				}
				if out, _ := in("plan", "--verbose", "--codex", "off"); !strings.Contains(out, tc.alone) {
					t.Errorf("without a Codex nothing is said of %s: the case proves nothing\n%s", tc.alone, out)
				}
				const ignored, refused = "does not know", "does not start"
				for _, command := range [][]string{{"plan", "--verbose"}, {"apply", "--auto-approve", "--no-confirm"}, {"doctor"}} {
					out, code := in(append(command, "--codex", newest)...)
					wrong := strings.Contains(out, ignored) || strings.Contains(out, refused) || strings.Contains(out, "clamp")
					switch {
					case command[0] != "doctor" && code != tc.code:
						t.Errorf("%s ends with %d, want %d\n%s", command[0], code, tc.code, out)
					case tc.says == "" && wrong:
						t.Errorf("%s blames what Codex takes\n%s", command[0], out)
					case command[0] != "doctor" && !strings.Contains(out, tc.says):
						t.Errorf("%s does not say %q\n%s", command[0], tc.says, out)
					}
				}
			})
		}
	}
}
