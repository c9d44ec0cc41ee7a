package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// program is one version of Codex, and what it has said so far.
type program struct {
	version, path string
	runs, asked   int

	mu    sync.Mutex
	home  string
	said  map[string]string
	cache *os.File
}

type saying struct{ Key, Text string }

// open starts on a program whose answers are kept in a folder.
func open(version, path, cache string) (*program, error) {
	home, err := os.MkdirTemp(fast(cache), "home-")
	if err != nil {
		return nil, err
	}
	p := &program{version: version, path: path, home: home, said: map[string]string{}}
	name := filepath.Join(cache, "answers-"+version+".jsonl")
	if old, err := os.Open(name); err == nil {
		lines := bufio.NewScanner(old)
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			var s saying
			if json.Unmarshal(lines.Bytes(), &s) == nil {
				p.said[s.Key] = s.Text
			}
		}
		old.Close()
	}
	p.cache, err = os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	return p, err
}

// fast is a folder for the home of a program: in memory where there is such a place,
// since each start writes a little and waits for the disk. The system's folder for
// temporary files is none: there Codex does less than elsewhere.
func fast(otherwise string) string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return otherwise
}

func (p *program) close() {
	p.cache.Close()
	os.RemoveAll(p.home)
}

// remember gives the kept answer to a question, or asks and keeps it.
func (p *program) remember(question string, ask func() (string, error)) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	sum := sha256.Sum256([]byte(question))
	key := hex.EncodeToString(sum[:12])
	if text, ok := p.said[key]; ok {
		return text, nil
	}
	text, err := ask()
	if err != nil {
		return "", err
	}
	p.said[key] = text
	line, _ := json.Marshal(saying{key, text})
	_, err = p.cache.Write(append(line, '\n'))
	return text, err
}

// load is what the program has against a config.toml, "" when it loads.
func (p *program) load(config string) (string, error) {
	return p.remember("load\n"+config, func() (string, error) { return p.try(config, "features", "list") })
}

// loadStrictly is load, and unknown keys are refused too.
func (p *program) loadStrictly(config string) (string, error) {
	return p.remember("strictly\n"+config, func() (string, error) {
		return p.try(config, "app-server", "--strict-config", "--print-startup-config")
	})
}

func (p *program) try(config string, args ...string) (string, error) {
	if err := os.WriteFile(filepath.Join(p.home, "config.toml"), []byte(config), 0o600); err != nil {
		return "", err
	}
	out, errs, code, err := p.run(args...)
	if args[0] == "app-server" {
		errs = out // it answers there
	}
	switch {
	case err != nil:
		return "", err
	case code == 0:
		return "", nil
	case code == 2 && args[0] == "app-server":
		return "it has no strict check", nil
	case code != 1:
		return "", fmt.Errorf("version %s of Codex ended with %d on\n%s\n%s", p.version, code, config, errs)
	}
	return p.clean(string(errs)), nil
}

// output is what the program prints with a config.toml.
func (p *program) output(config string, args ...string) (string, error) {
	return p.remember(strings.Join(args, " ")+"\n"+config, func() (string, error) {
		if err := os.WriteFile(filepath.Join(p.home, "config.toml"), []byte(config), 0o600); err != nil {
			return "", err
		}
		out, _, code, err := p.run(args...)
		if err == nil && code != 0 {
			return "", nil // this version has no such command
		}
		return string(out), err
	})
}

func (p *program) run(args ...string) (stdout, stderr []byte, code int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.path, args...)
	cmd.Dir = p.home
	cmd.Env = []string{"HOME=" + p.home, "CODEX_HOME=" + p.home, "PATH=" + os.Getenv("PATH"), "RUST_BACKTRACE=0", "HTTPS_PROXY=http://127.0.0.1:9", "HTTP_PROXY=http://127.0.0.1:9"}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.WaitDelay = time.Second
	p.runs++
	err = cmd.Run()
	var exit *exec.ExitError
	if ctx.Err() != nil {
		return nil, nil, 0, ctx.Err()
	}
	if err != nil && !errors.As(err, &exit) {
		return nil, nil, 0, err
	}
	return out.Bytes(), errs.Bytes(), cmd.ProcessState.ExitCode(), nil
}

var place = regexp.MustCompile(`(0: |1: )?(\S*/)?config\.toml:\d+:\d+: `)

// clean is a refusal on one line: the innermost cause, without places.
func (p *program) clean(text string) string {
	text, _, _ = strings.Cut(text, "Stack backtrace")
	text, _, _ = strings.Cut(text, "Location:")
	if _, cause, ok := strings.Cut(text, "Caused by:"); ok {
		text = cause
	}
	if _, last, ok := strings.Cut(text, "\n    1: "); ok {
		text = last
	}
	text = strings.TrimPrefix(strings.TrimSpace(text), "Error: ")
	text = place.ReplaceAllString(strings.Join(strings.Fields(text), " "), "")
	return strings.ReplaceAll(text, p.home, "HOME")
}
