// Package vaulttest gives tests a real Vault server, and the neighbours that its
// logins need: an LDAP directory, an issuer of identity tokens, a private
// certificate authority, a Kubernetes API that reviews tokens.
//
// The server is the program of the module vaultdev below this folder, built by
// make tools. VAULTDEV_BIN names another build of it, for example one of the
// current Vault. Where there is none, tests are skipped with a message, and fail
// when CI=true.
package vaulttest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// Server is a running Vault, unsealed, with a KV version 2 at secret/.
type Server struct {
	Version   string `json:"version"`
	Address   string `json:"address"`
	Standby   string `json:"standby"` // of the second node, with -standby
	RootToken string `json:"root_token"`
	UnsealKey string `json:"unseal_key"` // in hex

	cmd   *exec.Cmd
	trust []byte // the authority of its certificate, PEM
}

// errMissing says that vaultdev is not built.
var errMissing = errors.New("no real Vault to test with: run make tools, or set VAULTDEV_BIN")

// Start starts a server for a test, which ends with it. The flags are vaultdev's.
func Start(tb testing.TB, flags ...string) *Server {
	tb.Helper()
	s, err := launch(flags...)
	if errors.Is(err, errMissing) && os.Getenv("CI") != "true" {
		fmt.Fprintln(os.Stderr, "SKIPPED", tb.Name()+":", err)
		tb.Skip(err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.Stop)
	return s
}

// launch starts a server that lives until Stop, or the end of this process on Linux.
func launch(flags ...string) (*Server, error) {
	path, err := binary()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, flags...)
	cmd.SysProcAttr = dieWithParent()
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &Server{cmd: cmd}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, s)
	}
	if err != nil {
		s.Stop()
		return nil, fmt.Errorf("vaultdev did not start: %w", err)
	}
	go io.Copy(io.Discard, out)
	return s, nil
}

// Stop ends the server.
func (s *Server) Stop() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

// binary finds vaultdev.
func binary() (string, error) {
	if path := os.Getenv("VAULTDEV_BIN"); path != "" {
		return path, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	name := "vaultdev"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	for ; filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		path := filepath.Join(dir, ".tools", "vaultdev", name)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", errMissing
}
