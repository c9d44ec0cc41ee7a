package codex

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"time"

	"github.com/codexform/codexform/plan/stall"
)

// maxOutput bounds what is kept of a program's output, in bytes.
const maxOutput = 1 << 20

// output is what a run of a program printed.
type output struct{ stdout, stderr []byte }

// run runs the program in a private home. Whatever it started ends with it.
func (b Binary) run(ctx context.Context, s scratch, args ...string) (output, error) {
	ctx, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	if b.demoted() {
		if err := s.giveAway(); err != nil {
			return output{}, err
		}
	}
	start := stall.Enter(stall.Look, "", b.Path)
	cmd := b.command(ctx, s, args...)
	out, errs := capped{max: maxOutput}, capped{max: maxOutput}
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Start()
	start.Leave()
	if err != nil {
		return output{}, err
	}
	release := hold(cmd)
	err = cmd.Wait()
	release()
	if errors.Is(err, exec.ErrWaitDelay) { // it is done; something that it started is not
		err = nil
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return output{out.Bytes(), errs.Bytes()}, err
}

// capped keeps the beginning of what is written to it.
type capped struct {
	bytes.Buffer
	max int
}

func (c *capped) Write(p []byte) (int, error) {
	c.Buffer.Write(p[:min(len(p), c.max-c.Len())])
	return len(p), nil
}

// command is one run of the program: a home and a working directory of its own,
// nothing to read, an environment without anybody's keys. The user's own home stays
// what ~ means in a path.
func (b Binary) command(ctx context.Context, s scratch, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, b.Path, args...)
	cmd.Dir = s.dir
	cmd.Env = []string{"CODEX_HOME=" + s.dir, "HTTPS_PROXY=" + nowhere, "HTTP_PROXY=" + nowhere, "RUST_BACKTRACE=0"}
	for _, name := range []string{"HOME", "USERPROFILE", "PATH", "SystemRoot", "ProgramData", "TMPDIR", "TEMP", "TMP"} {
		if v := os.Getenv(name); v != "" {
			cmd.Env = append(cmd.Env, name+"="+v)
		}
	}
	cmd.WaitDelay = time.Second
	tether(cmd)
	if b.demoted() {
		cmd.Env = append(cmd.Env, "HOME="+s.dir, "TMPDIR="+s.dir) // root's own may be closed to it
		demote(cmd)
	}
	return cmd
}

// demoted reports a program that does not run as root: one that is asked as a user would,
// and one that somebody else may change, who would be root by it.
func (b Binary) demoted() bool { return b.AsUser || Foreign(b.Path) != "" }

// nowhere is a proxy that refuses every connection.
const nowhere = "http://127.0.0.1:9"
