package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

// Whichever way root's process ends in the middle, none of a user's stays behind, and no
// home is half done.
func TestUsersNoneOutlivesRoot(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 2)
	asked, ended := make(chan struct{}, 64), make(chan struct{})
	gateway := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		select {
		case <-r.Context().Done():
		case <-ended:
		}
	}))
	defer gateway.Close()
	defer close(ended)
	m.policy(gateway.URL, 2)
	for _, how := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		cmd := exec.Command(m.program, "apply", "-f", m.yaml, "--auto-approve", "--codex", "off", "--all-users")
		var out strings.Builder
		cmd.Stdout, cmd.Stderr, cmd.Dir, cmd.Env = &out, &out, m.dir, []string{"PATH=/usr/bin:/bin", "HOME=/root"}
		m.must(cmd.Start())
		<-asked
		<-asked // both are at work
		m.must(cmd.Process.Signal(how))
		start := time.Now()
		_ = cmd.Wait()
		for m.working() && time.Since(start) < 10*time.Second {
			time.Sleep(20 * time.Millisecond)
		}
		if m.working() {
			t.Errorf("%v: a user's process is still there after 10 s", how)
		}
		if code := cmd.ProcessState.ExitCode(); how != syscall.SIGKILL && code != 130 {
			t.Errorf("%v: exit %d\n%s", how, code, out.String())
		}
		if said := strings.Count(out.String(), ": skipped: interrupted"); how != syscall.SIGKILL && said != 2 || strings.Contains(out.String(), "error:") {
			t.Errorf("%v: an end that was asked for is called by another name\n%s", how, out.String())
		}
		if strings.Contains(out.String(), "without an answer") {
			t.Errorf("%v: who was told to end is said to have failed\n%s", how, out.String())
		}
		for i := range 2 {
			for _, name := range []string{"config.toml", "auth.json"} {
				if _, err := os.Lstat(m.codex(i, name)); err == nil {
					t.Errorf("%v: u%d has a %s", how, i, name)
				}
			}
		}
	}
}

// A user who interrupts the own part of a run interrupts nobody else's, nor the run: it is an
// error of that user, and neither exit code nor state says that anything was ended.
func TestUsersInterruptThemselves(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 2)
	for _, how := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		asked, sent := make(chan struct{}, 64), make(chan struct{})
		gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked <- struct{}{}
			select {
			case <-sent:
			case <-r.Context().Done():
			}
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"data":[{"id":"gpt-5.4"}]}`)
		}))
		m.policy(gateway.URL, 2)
		done := make(chan struct{})
		go func() {
			<-asked
			<-asked // both are at work: one that has just begun hears no signal, and is ended by it
			m.stop(done, func() { close(sent) }, how, 1)
		}()
		out, code := m.apply("--all-users")
		close(done)
		gateway.Close()
		if code != 1 || !strings.Contains(out, "u0: in_sync\n") || !strings.Contains(out, "u1: error:") || !strings.Contains(out, "interrupted by somebody") {
			t.Errorf("%v: exit %d\n%s", how, code, out)
		}
	}
}

// working reports a process that works in one of the homes.
func (m *usersMachine) working() bool {
	all, err := filepath.Glob("/proc/[0-9]*/environ")
	m.must(err)
	return slices.ContainsFunc(all, func(file string) bool {
		data, _ := os.ReadFile(file)
		return strings.Contains(string(data), "HOME="+m.homes)
	})
}
