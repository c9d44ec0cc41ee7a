package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/cmd/codexform/cli"
)

// deadBelow opens every file, and answers no read of those with word in their names.
type deadBelow struct {
	afero.Fs
	word string
	wake chan struct{}
}

func (f deadBelow) OpenFile(name string, flag int, perm os.FileMode) (afero.File, error) {
	file, err := f.Fs.OpenFile(name, flag, perm)
	if err == nil && strings.Contains(name, f.word) {
		return deadFile{file, f.wake}, nil
	}
	return file, err
}

type deadFile struct {
	afero.File
	wake chan struct{}
}

func (f deadFile) Read([]byte) (int, error) {
	<-f.wake
	_ = f.File.Close() // nobody else will: a reader that was given up
	return 0, os.ErrDeadlineExceeded
}

// Where the files of sessions, or a fleet's, lie on a file system that opens them and then
// says no more, a run ends in its time, and a report when it is told to.
func TestADeadFileSystemHoldsNoRun(t *testing.T) {
	for _, c := range []struct {
		word, args string
		stop       bool
		exit       int
		says       string
	}{
		{"sessions", "plan --secrets=skip -f @/codex.yaml", false, 0, "Plan: "},
		{"collected", "report @/collected", false, 3, "one.json: could not be read within 30s"},
		{"collected", "report @/collected", true, 130, ""},
	} {
		m := newMachine(t)
		for n := range 30 {
			m.write(fmt.Sprintf(".codex/sessions/2026/rollout-%d.jsonl", n), "{}\n{}\n")
		}
		m.write(".codex/config.toml", "model_provider = \"old\"\n")
		m.write("collected/one.json", "{}\n")
		m.write("codex.yaml", "version: 1\nmodel: m\nprovider: {base_url: 'https://g.example/v1'}\nsecret: {env: K}\n")
		synctest.Test(t, func(t *testing.T) {
			dead := deadBelow{m.fs, c.word, make(chan struct{})}
			m.fs = dead
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			if c.stop {
				time.AfterFunc(time.Second, stop)
			}
			args := strings.Fields(strings.ReplaceAll(c.args, "@", m.user))
			var out, errs bytes.Buffer
			start := time.Now()
			exit := cli.Main(ctx, m.env(&out, &errs, args))
			if took := time.Since(start); took > time.Minute || c.stop && took > 2*time.Second {
				t.Errorf("%s: it took %s", c.args, took)
			}
			if exit != c.exit || !strings.Contains(out.String()+errs.String(), c.says) {
				t.Errorf("%s: exit %d, want %d: %s%s", c.args, exit, c.exit, &out, &errs)
			}
			close(dead.wake)
		})
	}
}
