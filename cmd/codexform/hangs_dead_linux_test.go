package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

// deadMount mounts a file system that never says a word, as one whose server is gone: even
// a look at a name in it does not come back. Each run has one of its own, because the
// kernel lets nobody go who waits for another's look.
func deadMount(at string) (unmount func(), err error) {
	fuse, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	options := fmt.Sprintf("fd=%d,rootmode=40755,user_id=0,group_id=0,allow_other", fuse.Fd())
	if err := errors.Join(os.Mkdir(at, 0o755), syscall.Mount("never", at, "fuse.never", syscall.MS_NOSUID|syscall.MS_NODEV, options)); err != nil {
		fuse.Close()
		return nil, err
	}
	return func() {
		fuse.Close()
		_ = syscall.Unmount(at, syscall.MNT_DETACH)
		_ = os.Remove(at)
	}, nil
}

// mayDie reports that a mount can be dead here.
func mayDie(t *testing.T) bool {
	t.Helper()
	if !roottest.Alone(t) {
		return false
	}
	unmount, err := deadMount(filepath.Join(t.TempDir(), "dead"))
	if err != nil {
		t.Logf("no mount can be dead here: %v", err)
		return false
	}
	unmount()
	return true
}

// die puts a name on a dead mount in the place of a file.
func (b blockable) die(dir, bin string) (unmount func(), err error) {
	path := filepath.Join(dir, b.file)
	if err := b.prepare(dir, bin, "nowhere"); err != nil {
		return nil, err
	}
	if unmount, err = deadMount(dir + ".dead"); err != nil {
		return nil, err
	}
	return unmount, errors.Join(os.RemoveAll(path), os.Symlink(filepath.Join(dir+".dead", "f"), path))
}

// deadRuns are what is run beside the table's: files that the table does not have.
var deadRuns = []blockable{
	{file: "home", runs: []string{"plan", blockedApply, "status", "token", "history"}},
	{file: "home/sessions", runs: []string{blockedDoctor}},
	{file: "bin", env: "PATH=@/bin:/usr/bin:/bin", runs: []string{"plan"}},
	{file: "log", runs: []string{"status --log-level debug --log-file log --contract prom"}},
	{file: "tmp", env: "TMPDIR=@/tmp", runs: []string{"demo"}},
}

// A file on a dead mount, in the place of each that is read or written, holds no command:
// it ends in time, by a code of its own, with a message that names the file.
func TestADeadMountHoldsNoCommand(t *testing.T) {
	if !mayDie(t) {
		return
	}
	at := t.TempDir()
	bin := blockedProgram(t, at)
	hurry := filepath.Join(at, "codexform-hasty")
	if err := os.Link(bin, hurry); err != nil {
		t.Fatal(err)
	}
	turns := make(chan struct{}, 12)
	var all sync.WaitGroup
	played := 0
	for _, b := range append(slices.Clone(blockables), deadRuns...) {
		for _, run := range b.runs[:min(len(b.runs), 5)] {
			played++
			turns <- struct{}{}
			all.Go(func() {
				defer func() { <-turns }()
				if err := b.diesNot(at, bin, hurry, run); err != nil {
					t.Errorf("%s on a dead mount, %s: %v", b.file, run, err)
				}
			})
		}
	}
	all.Wait()
	t.Logf("%d runs", played)
}

func (b blockable) diesNot(at, bin, hurry, run string) error {
	dir, err := os.MkdirTemp(at, "")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	unmount, err := b.die(dir, bin)
	if err != nil {
		return err
	}
	defer unmount()
	start := time.Now()
	out, code := b.run(dir, hurry, run, false)
	switch took := time.Since(start); {
	case code < 0 || took > 20*time.Second:
		return fmt.Errorf("exit %d after %s: %s", code, took, out)
	case code > 7 || code == 2 && !strings.Contains(out, "drift") && !strings.HasPrefix(run, "doctor"):
		return fmt.Errorf("exit %d: %s", code, out)
	case strings.Contains(out, "goroutine "):
		return errors.New(out)
	case code != 0 && code != 2 && !strings.Contains(out, filepath.Base(b.file)) && !strings.Contains(out, "home") && !b.unnamed(run) && b.file != "tmp" && b.file != "bin":
		return fmt.Errorf("exit %d without a word of %s: %s", code, b.file, out)
	}
	return nil
}

// Whoever tells a run to end that a dead mount holds, or somebody who does not read what
// it says, waits for two seconds at most.
func TestADeadMountHoldsNoSignal(t *testing.T) {
	if !mayDie(t) {
		return
	}
	at := t.TempDir()
	bin := blockedProgram(t, at)
	var all sync.WaitGroup
	for _, b := range []blockable{
		{file: "home", runs: []string{"plan", blockedApply}},
		{file: "home/.env", runs: []string{"plan", blockedApply}},
		{file: "home/config.toml", runs: []string{blockedApply, blockedDestroy}},
		{file: "codex.yaml", runs: []string{"validate", "token"}},
		{file: "key", secret: "{file: key}", runs: []string{"token"}},
		{file: "ca", secret: blockedVault + "ca_cert: ca, auth: {token: {env: KEY}}}}", runs: []string{"plan"}},
		{file: "prog", secret: "{command: [./prog]}", runs: []string{"plan"}},
		{file: "log", runs: []string{"validate --log-level debug --log-file log"}},
		{file: "collected", runs: []string{"report collected"}},
		{file: "pipe", runs: []string{"schema"}},
	} {
		for _, run := range b.runs {
			all.Go(func() {
				if err := b.hears(at, bin, run); err != nil {
					t.Errorf("%s on a dead mount, %s: %v", b.file, run, err)
				}
			})
		}
	}
	all.Wait()
}

func (b blockable) hears(at, bin, run string) error {
	dir, err := os.MkdirTemp(at, "")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	unmount, err := b.die(dir, bin)
	if err != nil {
		return err
	}
	defer unmount()
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, strings.Fields(run)...)
	cmd.Dir = dir
	cmd.Env = []string{"HOME=" + dir, "CODEX_HOME=" + filepath.Join(dir, "home"), "KEY=sk-0123456789abcdef", "PATH=/usr/bin:/bin"}
	var out strings.Builder
	cmd.Stderr = &out
	if path := filepath.Join(dir, b.file); b.file == "pipe" { // one that is full
		if err := errors.Join(os.Remove(path), fullFIFO(path)); err != nil {
			return err
		}
		defer func() { f, _ := held.LoadAndDelete(path); f.(*os.File).Close() }()
		if cmd.Stdout, err = os.OpenFile(path, os.O_RDWR, 0); err != nil {
			return err
		}
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	time.Sleep(1200 * time.Millisecond) // token waits for its key for two seconds
	start := time.Now()
	err = cmp.Or(cmd.Process.Signal(syscall.SIGTERM), cmd.Wait())
	if took, code := time.Since(start), cmd.ProcessState.ExitCode(); code != 130 || took > 4*time.Second { // 2 s, on a machine with nothing else to do
		return fmt.Errorf("exit %d after %s (%v): %s", code, took.Round(time.Millisecond), err, &out)
	}
	return nil
}
