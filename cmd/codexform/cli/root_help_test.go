package cli

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Help fits a terminal of 80 columns, but for commands to copy.
func TestHelpIsNarrow(t *testing.T) {
	for _, c := range commands() {
		out, _, code := run(testEnv(append(strings.Fields(c.name), "--help")...))
		if code != exitDone || !strings.Contains(out, "Flags:") {
			t.Errorf("%s: exit %d\n%s", c.name, code, out)
		}
		for line := range strings.SplitSeq(out, "\n") {
			if utf8.RuneCountInString(line) > helpWidth && !strings.HasPrefix(line, "  codexform ") {
				t.Errorf("%s: %d columns: %s", c.name, utf8.RuneCountInString(line), line)
			}
		}
	}
}
