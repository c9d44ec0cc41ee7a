package acceptance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ended is how a run of a client ended.
type ended struct {
	code           int
	took           time.Duration
	stdout, stderr string
}

// run exports into a fresh home and takes a turn there.
func (h handed) run(t *testing.T, gateway *clientGateway, key string) ended {
	t.Helper()
	program := built(t)
	home := t.TempDir()
	place := strings.NewReplacer("$HOME", home, "$CODEXFORM", program)
	put(t, filepath.Join(home, "key"), key+"\n")
	put(t, filepath.Join(home, "codex.yaml"), "version: 1\nmodel: gpt-5.4\nprovider: {id: gate, name: \"Bob's Gate (prod)\", base_url: '"+gateway.baseURL()+
		"'}\nsecret: {"+place.Replace(h.secret)+"}\n")
	for name, content := range h.client.beside {
		put(t, filepath.Join(home, name), content)
	}
	file := filepath.Join(home, h.into)
	if h.into == "" {
		file = filepath.Join(home, "lines.sh")
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"export", "client"}, strings.Fields(place.Replace(h.export))...)
	if strings.Contains(h.export, "--with-secret") {
		codexform(t, home, 0, []string{"CLIENT_KEY=" + key}, append(args, "--out", file)...)
	} else {
		out, _ := codexform(t, home, 0, nil, args...)
		put(t, file, out)
	}
	return h.take(t, home, file, key)
}

// take takes the turn: nothing but loopback answers, standard input is closed, and it
// ends in a minute.
func (h handed) take(t *testing.T, home, file, key string) ended {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	args := append([]string{filepath.Join(clients(t), "node_modules", h.client.module, h.client.program)}, h.client.turn...)
	if h.into == "" {
		args = append([]string{"sh", "-c", `. "$0" && exec node "$@"`, file}, filepath.Join(clients(t), h.client.turn[0]))
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = filepath.Join(home, "work")
	if err := os.MkdirAll(cmd.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd.Env = append([]string{
		"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TERM=dumb", "CI=true", "TMPDIR=" + home,
		"HTTPS_PROXY=http://127.0.0.1:9", "HTTP_PROXY=http://127.0.0.1:9", "NO_PROXY=127.0.0.1",
	}, h.client.env...)
	if h.env != "" {
		cmd.Env = append(cmd.Env, h.env+"="+key)
	}
	cmd.WaitDelay = 2 * time.Second
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	start := time.Now()
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v\n%s", h.client.name, err, errs.String())
	}
	if ctx.Err() != nil {
		t.Fatalf("%s: not done in a minute\n%s%s", h.client.name, out.String(), errs.String())
	}
	return ended{cmd.ProcessState.ExitCode(), time.Since(start), out.String(), errs.String()}
}

func put(t *testing.T, path, content string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, []byte(content), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// clients is the folder that make clients installs them into.
func clients(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../../.tools/clients")
	if err == nil {
		_, err = os.Stat(filepath.Join(dir, "node_modules"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// version is what a client's package says of itself.
func (c client) version(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(clients(t), "node_modules", c.module, "package.json"))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Version string }
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Version
}
