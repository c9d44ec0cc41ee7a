package cli_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/codexform/codexform/cmd/codexform/cli"
)

// failing is a stdout that takes nothing more.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// An answer that was cut is none, whatever it would have been: 2, "there are changes", of a
// full disk would be taken for a whole plan. Who has left has seen enough, and is told nothing.
func TestAnAnswerThatIsCutIsNone(t *testing.T) {
	for _, c := range []struct {
		args           string
		whole          int
		full, left     int
		words, leaving string
	}{
		{"plan", 0, 1, 1, "no space left on device", ""},
		{"plan --detailed-exitcode", 2, 1, 2, "no space left on device", ""},
		{"plan --format=json --detailed-exitcode", 2, 1, 2, "no space left on device", ""},
		{"status", 2, 1, 2, "no space left on device", ""},
		{"validate", 0, 1, 1, "no space left on device", ""},
		{"validate --format=json -f no.yaml", 3, 3, 3, "no.yaml", ""},
		{"validate -f no.yaml", 3, 3, 3, "no.yaml", "no.yaml"},
		{"doctor --codex=off", 2, 1, 2, "no space left on device", ""},
		{"apply --auto-approve --codex=off", 0, 0, 0, "", ""},
	} {
		for _, end := range []struct {
			err   error
			code  int
			words string
		}{{nil, c.whole, ""}, {syscall.ENOSPC, c.full, c.words}, {syscall.EPIPE, c.left, c.leaving}} {
			t.Run(fmt.Sprintf("%s, %v", c.args, end.err), func(t *testing.T) {
				m := newMachine(t)
				m.write("codex.yaml", "version: 1\nsettings: {hide_agent_reasoning: true}\n")
				m.write(".codex/config.toml", "model_provider = \"nobody\"\n")
				args := strings.Fields(c.args)
				if args[0] != "doctor" && !strings.Contains(c.args, "-f ") {
					args = append(args, "-f", filepath.Join(m.user, "codex.yaml"))
				}
				var out, errs bytes.Buffer
				env := m.env(&out, &errs, args)
				if end.err != nil {
					env.Stdout = failing{end.err}
				}
				code := cli.Main(t.Context(), env)
				if code != end.code || !strings.Contains(errs.String(), end.words) || end.err == syscall.EPIPE && end.words == "" && strings.Contains(errs.String(), "writing") {
					t.Errorf("exit %d, want %d: %s%s", code, end.code, errs.String(), out.String())
				}
			})
		}
	}
}
