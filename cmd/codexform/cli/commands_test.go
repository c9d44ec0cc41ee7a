package cli

import (
	"strings"
	"testing"
)

// A run builds the one command that it is about. What it says is what it would say with
// all of them.
func TestOneCommandIsEnough(t *testing.T) {
	for _, c := range commands() {
		if got := c.build(testApp()).Name(); got != c.name {
			t.Errorf("%s builds %s", c.name, got)
		}
		if got := wanted([]string{c.name, "more"}); len(got) != 1 || got[0].name != c.name {
			t.Errorf("%s wants %v", c.name, got)
		}
	}
	for _, cmd := range family(newRoot(testApp()))[1:] {
		for _, more := range []string{"--help", "--no-such-flag", "one two three --no-such-flag", "--format", "-h extra"} {
			args := append(strings.Fields(cmd.CommandPath())[1:], strings.Fields(more)...)
			out, errs, code := run(testEnv(args...))
			all := append([]string{"--color=auto"}, args...) // the first word is no command
			if o, e, c := run(testEnv(all...)); o != out || e != errs || c != code {
				t.Errorf("%q: code %d:\n%s%s\nwith all commands built: code %d:\n%s%s", args, code, out, errs, c, o, e)
			}
		}
	}
}
