package cli_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/codexform/codexform/cmd/codexform/cli"
)

// A bug behind which nothing works any more is still the answer that a console expects,
// and never its code for drift.
func TestABugInTheEnd(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		code   int
		stdout string
		stderr string
	}{
		"a person": {[]string{"plan"}, 70, "", "codexform: error: a bug in codexform\n"},
		"unless":   {[]string{"plan", "--contract", "unless"}, 0, "error:E_BUG\n", ""},
		"intune":   {[]string{"plan", "--contract=intune-detect"}, 2, "error:E_BUG\n", ""},
		"jamf-ea":  {[]string{"status", "--contract", "jamf-ea"}, 0, "<result>error:E_BUG</result>\n", ""},
	} {
		var out, errs bytes.Buffer
		env := newMachine(t).env(&out, &errs, c.args)
		env.Now = func() time.Time { panic("no clock") }
		if code := cli.Bug(env, "no clock", nil); code != c.code || out.String() != c.stdout || errs.String() != c.stderr {
			t.Errorf("%s: exit %d, %q, %q", name, code, out.String(), errs.String())
		}
	}
}
