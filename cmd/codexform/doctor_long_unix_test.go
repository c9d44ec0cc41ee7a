//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What doctor does for a config.toml grows with it, not with its square: four megabytes
// took minutes of processor time once.
func TestDoctorOfALongFile(t *testing.T) {
	dir := t.TempDir()
	var config strings.Builder
	for i := range 75_000 {
		fmt.Fprintf(&config, "[projects.\"/home/kim/p%d\"]\ntrust_level = \"trusted\"\n", i)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.toml"), []byte(config.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(asUsersGet(t, dir, "."), "doctor", "--codex", "off", "--codex-home", dir)
	cmd.Env = []string{"HOME=" + dir, "PATH=/usr/bin:/bin"}
	out, _ := cmd.CombinedOutput()
	spent := time.Duration(cmd.ProcessState.SysUsage().(*syscall.Rusage).Utime.Nano())
	if code := cmd.ProcessState.ExitCode(); code != 2 || spent > 20*time.Second {
		t.Errorf("exit %d, %v of processor time\n%s", code, spent, out)
	}
	t.Logf("%v of processor time", spent)
}
