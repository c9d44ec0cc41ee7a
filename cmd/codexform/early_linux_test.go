package main

import (
	"os/exec"
	"strings"
	"testing"
)

// A signal to quit in the first moments is no "there are changes": Go's own word on it is a
// dump and 2 until somebody listens, so the program listens before its packages are made
// ready. GODEBUG=inittrace=1 tells of each of them.
func TestQuitIsHeardEarly(t *testing.T) {
	cmd := exec.Command(program(t), "version")
	cmd.Env = append(cmd.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	before, after, found := strings.Cut(string(out), "init github.com/codexform/codexform/cmd/codexform/early ")
	if n := strings.Count(before, "\ninit "); !found || n > 30 || strings.Count(after, "\ninit ") < 30 {
		t.Errorf("%d packages are made ready before it listens:\n%s", n, out)
	}
	if strings.Contains(before, "init net ") || strings.Contains(before, "regexp") {
		t.Errorf("it listens late:\n%s", before)
	}
}
