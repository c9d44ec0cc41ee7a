package codex

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/codexform/codexform/plan"
)

// loadTimeout bounds one start of Codex. It takes 35 ms, 150 ms with its launcher.
const loadTimeout = 15 * time.Second

// Binary is a Codex program on this machine. It is run on private copies only,
// without a key, and with no way to the network.
type Binary struct{ Path string }

// FindBinary finds the Codex that --codex asks for: "off" is none, "auto" the one
// on the PATH where there is one, anything else a path. The second result is false
// when there is none.
func FindBinary(choice string, lookPath func(string) (string, error)) (Binary, bool, error) {
	switch choice {
	case "off":
		return Binary{}, false, nil
	case "", "auto":
		path, err := lookPath("codex")
		return Binary{path}, err == nil, nil
	}
	path, err := lookPath(choice)
	if err != nil {
		return Binary{}, false, fmt.Errorf("--codex: %w", err)
	}
	return Binary{path}, true, nil
}

// ErrUnchecked says that a Codex could not be made to check a file: too old for
// it, not executable, or too slow.
var ErrUnchecked = errors.New("the installed Codex cannot check the file")

// LoadError is a config.toml with which Codex does not start.
type LoadError struct {
	Line, Column int    // from 1, 0 where Codex names no place
	Detail       string // what Codex says, without the values that it quotes
}

// Error is line:column: detail.
func (e *LoadError) Error() string {
	if e.Line == 0 {
		return e.Detail
	}
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Detail)
}

// Version asks the program for its version.
func (b Binary) Version(ctx context.Context) (Version, error) {
	s, err := newScratch(nil)
	if err != nil {
		return Version{}, err
	}
	defer s.remove()
	out, err := b.output(ctx, s, "--version")
	if err != nil {
		return Version{}, err
	}
	return ParseVersion(string(out))
}

// Loads lets Codex start on a copy of a config.toml. A file with which it does not
// start is a *LoadError; ErrUnchecked is no verdict. Keys that Codex does not know
// pass; relative paths in the file lead nowhere in the copy.
func (b Binary) Loads(ctx context.Context, config []byte) error {
	return b.load(ctx, config, "app-server", "--print-startup-config")
}

// LoadsStrictly is Loads, and refuses keys that Codex does not know too. It is for
// files of our own keys alone.
func (b Binary) LoadsStrictly(ctx context.Context, config []byte) error {
	return b.load(ctx, config, "app-server", "--strict-config", "--print-startup-config")
}

func (b Binary) load(ctx context.Context, config []byte, args ...string) error {
	s, err := newScratch(config)
	if err != nil {
		return err
	}
	defer s.remove()
	out, err := b.output(ctx, s, args...)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("%w: %w", ErrUnchecked, err)
	}
	return verdict(out)
}

// verdict reads what a start-up check printed: one line of JSON.
func verdict(out []byte) error {
	for line := range bytes.Lines(out) {
		var v startup
		if json.Unmarshal(line, &v) != nil {
			continue
		}
		if v.Error != nil {
			return &LoadError{Line: v.Error.Data.Line, Column: v.Error.Data.Column, Detail: withoutValues(v.Error.Data.text(v.Error.Message))}
		}
		if v.Version != "" {
			return nil
		}
	}
	return ErrUnchecked
}

// startup is that line.
type startup struct {
	Version string `json:"appServerVersion"`
	Error   *struct {
		Message string
		Data    startupError
	}
}

type startupError struct {
	FilePath, Detail string
	Line, Column     int
}

// text is what Codex says, without the place in our private folder.
func (e startupError) text(message string) string {
	text := e.Detail
	if text == "" {
		text = message
	}
	if e.FilePath != "" {
		text = strings.ReplaceAll(text, fmt.Sprintf("%s:%d:%d: ", e.FilePath, e.Line, e.Column), "")
		text = strings.ReplaceAll(text, e.FilePath, plan.ConfigFile)
	}
	return text
}

// withoutValues is a message of Codex without the values that it quotes from the
// file, which may be keys, on one short line.
func withoutValues(text string) string {
	quoted := regexp.MustCompile(`(?s)(string|variant) ("(?:[^"\\]|\\.)*"|` + "`[^`]*`)")
	text = quoted.ReplaceAllString(text, "$1 …")
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsControl(r) }), " ")
	if r := []rune(text); len(r) > 300 {
		text = string(r[:300]) + "…"
	}
	return text
}

// output runs the program in a private home and gives its standard output.
func (b Binary) output(ctx context.Context, s scratch, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	out, err := b.command(ctx, s, args...).Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return out, err
}

// command is one run of the program: a home and a working directory of its own,
// nothing to read, an environment without anybody's keys.
func (b Binary) command(ctx context.Context, s scratch, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, b.Path, args...)
	cmd.Dir = s.dir
	cmd.Env = []string{"HOME=" + s.dir, "USERPROFILE=" + s.dir, "CODEX_HOME=" + s.dir, "HTTPS_PROXY=" + nowhere, "HTTP_PROXY=" + nowhere}
	for _, name := range []string{"PATH", "SystemRoot", "ProgramData", "TMPDIR", "TEMP", "TMP"} {
		if v := os.Getenv(name); v != "" {
			cmd.Env = append(cmd.Env, name+"="+v)
		}
	}
	cmd.Stderr = io.Discard
	cmd.WaitDelay = time.Second
	return cmd
}

// nowhere is a proxy that refuses every connection.
const nowhere = "http://127.0.0.1:9"
