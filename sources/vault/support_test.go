package vault_test

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/sources/vault"
	"github.com/codexform/codexform/sources/vaulttest"
)

var update = flag.Bool("update", false, "rewrite testdata/errors")

// server starts a Vault for one test.
func server(t *testing.T) *vaulttest.Server {
	t.Helper()
	return vaulttest.Start(t, "-root-token", loginCanary+"root-"+rand.Text())
}

// world is a machine for one test: an environment, files, and no waiting.
type world struct {
	t     *testing.T
	env   map[string]string
	home  string
	slept []time.Duration
}

func newWorld(t *testing.T) *world {
	return &world{t: t, env: map[string]string{}, home: t.TempDir()}
}

func (w *world) vault() vault.World {
	return vault.World{
		LookupEnv: func(name string) (string, bool) { v, ok := w.env[name]; return v, ok },
		ReadFile:  os.ReadFile,
		ReadSecret: func(path string) ([]byte, []string, error) {
			data, err := os.ReadFile(path)
			return data, nil, err
		},
		Home:   w.home,
		Sleep:  func(_ context.Context, d time.Duration) { w.slept = append(w.slept, d) },
		Jitter: func() float64 { return 0.5 },
	}
}

// file writes a file below the home and gives its path.
func (w *world) file(name, content string) string {
	w.t.Helper()
	path := filepath.Join(w.home, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// fetched is what one fetch led to.
type fetched struct {
	secret, version string
	err             error
}

// fetch reads one secret and gives the token back.
func (w *world) fetch(c vault.Config) fetched {
	w.t.Helper()
	client, err := vault.New(c, w.vault())
	if err != nil {
		return fetched{err: err}
	}
	ctx := w.t.Context()
	secret, version, err := client.Fetch(ctx)
	if err := client.Close(ctx); err != nil {
		w.t.Errorf("closing: %v", err)
	}
	return fetched{string(secret.Reveal()), version, err}
}

// want fails the test unless a fetch gave the secret and the version.
func (w *world) want(c vault.Config, secret, version string) {
	w.t.Helper()
	got := w.fetch(c)
	if got.err != nil {
		w.t.Fatalf("fetching %s: %v\nhint: %v", c.Ref(), got.err, hint(got.err))
	}
	if got.secret != secret || got.version != version {
		w.t.Errorf("fetching %s: got %q version %q, want %q version %q", c.Ref(), got.secret, got.version, secret, version)
	}
}

func hint(err error) string {
	var e *vault.Error
	if errors.As(err, &e) {
		return e.Hint
	}
	return ""
}

// wantError compares the error of a fetch with testdata/errors/NAME.txt. What
// differs from run to run is given as pairs of what is there and what to read.
func (w *world) wantError(name string, c vault.Config, pairs ...string) *vault.Error {
	w.t.Helper()
	got := w.fetch(c)
	var e *vault.Error
	if !errors.As(got.err, &e) {
		w.t.Fatalf("%s: got %+v, want an *Error", name, got)
	}
	w.noSecrets(got.err)
	if e.Hint == "" {
		w.t.Errorf("%s: the error says not what to do: %v", name, e)
	}
	golden(w.t, name, render(e, pairs))
	return e
}

func render(e *vault.Error, pairs []string) string {
	text := fmt.Sprintf("%s: %s\n", e.Kind, e.Message)
	if e.Hint != "" {
		text += "hint: " + e.Hint + "\n"
	}
	if e.Retryable {
		text += "later: may help\n"
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "errors", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// The canaries: whatever a test hands out that nobody may print begins with one.
const (
	keyCanary   = "sk-canary-"
	loginCanary = "hushhush-"
)

func newKey() string { return keyCanary + rand.Text() }

func newPassword() string { return loginCanary + rand.Text() }

// noSecrets fails the test when an error shows a canary, a token or anything that
// the environment of the test holds, however it is printed.
func (w *world) noSecrets(err error) {
	w.t.Helper()
	var all strings.Builder
	for e := err; e != nil; e = errors.Unwrap(e) {
		fmt.Fprintf(&all, "%v\n%+v\n%#v\n%q\n", e, e, e, e)
	}
	text := all.String()
	for _, bad := range append([]string{keyCanary, loginCanary, "hvs.", "hvb.", "eyJ"}, w.secrets()...) {
		if strings.Contains(text, bad) {
			w.t.Errorf("an error shows %q:\n%s", bad, text)
		}
	}
}

// secrets are the values of variables and files that hold a credential.
func (w *world) secrets() []string {
	var all []string
	for name, v := range w.env {
		if len(v) > 8 && name != "VAULT_ADDR" && !strings.HasSuffix(name, "_URL") && !strings.HasSuffix(name, "CERT") {
			all = append(all, v)
		}
	}
	return all
}
