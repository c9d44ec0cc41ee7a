// Package roottest plays a test as root on a machine that is nobody else's: in a mount
// namespace of its own, where accounts, system files and mounts can be made without the
// real machine hearing of them.
package roottest

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
	"time"
)

// mark tells the process that plays a test which one it is.
const mark = "CODEXFORM_TEST_NAMESPACE"

// Alone plays the test again, as root, in a mount namespace of its own, and in those that
// more words of unshare ask for, such as --net. What it makes in /etc, /srv and /var/lib is
// gone with it. It reports whether this is that process;
// where it is not, the test has been judged. Who is not root and may not become it proves
// nothing: then the test is skipped, and with CI=true it fails.
func Alone(t *testing.T, more ...string) bool {
	t.Helper()
	if os.Getenv(mark) == t.Name() {
		keepOut(t)
		return true
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	argv := append([]string{"unshare", "--mount", "--propagation", "private"}, more...)
	argv = append(argv, "env", mark+"="+t.Name(), self, "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout="+left(t))
	if os.Geteuid() != 0 {
		argv = append([]string{"sudo", "-n", "--preserve-env=CI,PATH,CODEX_VERSIONS,CODEXES,LAYERS"}, argv...)
	}
	out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput()
	if err != nil && os.Getenv("CI") != "true" && refused(out) {
		t.Skipf("SKIPPED, NOTHING IS PROVED: only root can play this; CI asks sudo: %s", out)
	}
	if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
	return false
}

// refused reports whether the test never began, for want of rights.
func refused(out []byte) bool {
	return bytes.HasPrefix(out, []byte("sudo: ")) || bytes.HasPrefix(out, []byte("unshare: "))
}

// left is the time that the test has.
func left(t *testing.T) string {
	if deadline, ok := t.Deadline(); ok {
		return time.Until(deadline).String()
	}
	return "0"
}
