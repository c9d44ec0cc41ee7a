package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// slowVault answers each request at once but for one, and knows whether the login that it
// let in was given back.
type slowVault struct {
	slow   string        // part of a path
	takes  time.Duration // what that takes
	met    chan struct{}
	in     atomic.Int32
	leaves atomic.Int32
}

func (v *slowVault) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/login") {
		v.in.Add(1) // whoever hears of it or not
	}
	if strings.Contains(r.URL.Path, v.slow) {
		v.met <- struct{}{}
		time.Sleep(v.takes)
	}
	w.Header().Set("Content-Type", "application/json")
	switch {
	case strings.HasSuffix(r.URL.Path, "/login"):
		io.WriteString(w, `{"auth": {"client_token": "hvs.0123456789abcdef"}}`)
	case strings.HasSuffix(r.URL.Path, "/revoke-self"):
		v.leaves.Add(1)
	case strings.Contains(r.URL.Path, "/data/"):
		io.WriteString(w, `{"data": {"data": {"api_key": "sk-vault-0123456789abcdef"}, "metadata": {"version": 1}}}`)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// Whoever stops a run while it logs in to Vault, reads there, or takes its leave waits for
// two seconds at most, and a login that came about is given back.
func TestALoginIsGivenBackWhereTheRunIsStopped(t *testing.T) {
	bin := program(t)
	for _, run := range []string{"token", "plan --codex=off", "apply --auto-approve --codex=off"} {
		for _, slow := range []struct {
			path  string
			takes time.Duration
		}{{"/login", 400 * time.Millisecond}, {"/data/", 4 * time.Second}, {"/revoke-self", 6 * time.Second}} {
			v := &slowVault{slow: slow.path, takes: slow.takes, met: make(chan struct{}, 9)}
			server := httptest.NewServer(v)
			dir := t.TempDir()
			policy := "version: 1\nmodel: m\nprovider: {base_url: '" + server.URL + "/v1'}\nsecret: {vault: {address: '" + server.URL +
				"', path: codex, engine: kv2, auth: {method: approle, role_id: r, secret_id: {env: SID}}}}\nconfirm: {enabled: false}\n"
			if err := os.WriteFile(filepath.Join(dir, "codex.yaml"), []byte(policy), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(bin, strings.Fields(run)...)
			cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "CODEX_HOME=" + dir, "SID=s", "PATH=/usr/bin:/bin"}
			var said strings.Builder
			cmd.Stderr = &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			<-v.met
			start := time.Now()
			_ = cmd.Process.Signal(syscall.SIGTERM)
			_ = cmd.Wait()
			took, code := time.Since(start), cmd.ProcessState.ExitCode()
			server.CloseClientConnections()
			leaving := slow.path == "/revoke-self" // the answer is there, and the code is its own
			if took > 4*time.Second || code != 130 && !leaving {
				t.Errorf("%s, stopped at %s: exit %d after %s: %s", run, slow.path, code, took, &said)
			}
			if v.in.Load() != v.leaves.Load() && !leaving {
				t.Errorf("%s, stopped at %s: %d logins, and %d of them given back", run, slow.path, v.in.Load(), v.leaves.Load())
			}
		}
	}
}
