package codex

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/stall"
)

// loadTimeout bounds one start of Codex. It takes 35 ms, 150 ms with its launcher.
const loadTimeout = 15 * time.Second

// Binary is a Codex program on this machine. It is run on private copies only,
// without a secret, and with no way to the network.
type Binary struct {
	Path string
	// Home is the home that its copies stand for, so that the relative paths of a
	// config.toml lead there; "" where it has none.
	Home string
	// AsUser runs it as nobody in particular, where this is root: what only root may read
	// does not count.
	AsUser bool
}

// In is the program over copies of a home.
func (b Binary) In(home string) Binary {
	if abs, err := filepath.Abs(home); err == nil {
		home = abs
	}
	return Binary{Path: b.Path, Home: home, AsUser: b.AsUser}
}

// FindBinary finds the Codex that --codex asks for: "off" is none, "auto" the one
// on the PATH where there is one, anything else a path. The second result is false
// when there is none.
func FindBinary(choice string, lookPath func(string) (string, error)) (Binary, bool, error) {
	defer stall.Enter(stall.Look, "", "codex on the PATH").Leave()
	switch choice {
	case "off":
		return Binary{}, false, nil
	case "", "auto":
		path, err := lookPath("codex")
		return Binary{Path: path}, err == nil, nil
	}
	path, err := lookPath(choice)
	if err != nil {
		return Binary{}, false, fmt.Errorf("--codex: %w", err)
	}
	return Binary{Path: path}, true, nil
}

// ErrUnchecked says that a Codex could not be made to check a file: it cannot be
// run, is too slow, or gives no verdict. What wraps it says why.
var ErrUnchecked = errors.New("the installed Codex cannot check the file")

// LoadError is a config.toml with which Codex does not start.
type LoadError struct {
	plan.Place        // zero where Codex names none
	Detail     string // what Codex says, without the values that it quotes
}

// Error is line:column: detail.
func (e *LoadError) Error() string {
	return e.Place.Says(e.Detail)
}

// Version asks the program for its version.
func (b Binary) Version(ctx context.Context) (Version, error) {
	s, err := b.scratch("", nil)
	if err != nil {
		return Version{}, err
	}
	defer s.remove()
	out, err := b.run(ctx, s, "--version")
	if err != nil {
		return Version{}, err
	}
	return ParseVersion(string(out.stdout))
}

// Loads lets Codex start on a copy of a config.toml. A file with which it does not
// start is a *LoadError; ErrUnchecked is no verdict. Keys that Codex does not know
// pass. Every version can: since 0.164 there is a check of its own, before that the
// list of features is refused with a config.toml that does not load.
func (b Binary) Loads(ctx context.Context, config []byte) error {
	s, err := b.scratch(b.Home, config)
	if err != nil {
		return err
	}
	defer s.remove()
	err = b.startup(ctx, s)
	if errors.Is(err, ErrUnchecked) && ctx.Err() == nil {
		err = b.lists(ctx, s)
	}
	return b.atHome(s, err)
}

// atHome says of the home what Codex said of its copy.
func (b Binary) atHome(s scratch, err error) error {
	var bad *LoadError
	if errors.As(err, &bad) {
		if s.gone() {
			return fmt.Errorf("%w: its private copy was taken away meanwhile", ErrUnchecked)
		}
		bad.Detail = strings.ReplaceAll(bad.Detail, s.dir+string(filepath.Separator), "")
		if at := Foreign(b.Path); at != "" && !b.AsUser {
			bad.Detail += " (it was asked as nobody: others than root may change " + at + ", so root does not run it)"
		}
	}
	return err
}

// LoadsStrictly is Loads, and refuses keys that Codex does not know too, which
// versions before 0.164 cannot tell. It is for files of our own keys alone.
func (b Binary) LoadsStrictly(ctx context.Context, config []byte) error {
	s, err := b.scratch(b.Home, config)
	if err != nil {
		return err
	}
	defer s.remove()
	return b.startup(ctx, s, "--strict-config")
}

// startup is the check that newer versions have.
func (b Binary) startup(ctx context.Context, s scratch, options ...string) error {
	out, err := b.run(ctx, s, append([]string{"app-server", "--print-startup-config"}, options...)...)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("%w: %w", ErrUnchecked, err)
	}
	return verdict(out.stdout)
}

// lists is the check that every version has. A program that fails on an empty file
// too has said nothing about this one.
func (b Binary) lists(ctx context.Context, s scratch) error {
	refused, err := b.listFeatures(ctx, s)
	if err != nil || refused == nil {
		return err
	}
	if b.asAUserHasIt(s) {
		return refused
	}
	empty, err := b.scratch("", nil)
	if err != nil {
		return err
	}
	defer empty.remove()
	switch broken, err := b.listFeatures(ctx, empty); {
	case err != nil:
		return err
	case broken != nil:
		return fmt.Errorf("%w: %s fails without any config.toml too: %s", ErrUnchecked, b.Path, broken.Detail)
	}
	return refused
}

// asAUserHasIt reports that nothing but the machine's own files can have been refused: there
// is no file to compare with none.
func (b Binary) asAUserHasIt(s scratch) bool {
	info, err := os.Stat(filepath.Join(s.dir, plan.ConfigFile))
	return b.AsUser && b.Home == "" && err == nil && info.Size() == 0
}

func (b Binary) listFeatures(ctx context.Context, s scratch) (*LoadError, error) {
	out, err := b.run(ctx, s, "features", "list")
	var exit *exec.ExitError
	switch {
	case err == nil && features(out.stdout):
		return nil, nil
	case err == nil:
		return nil, ErrUnchecked
	case errors.As(err, &exit) && exit.ExitCode() == 1:
		return complaint(out.stderr), nil
	}
	return nil, fmt.Errorf("%w: %w", ErrUnchecked, err)
}

// features reports a list of features: a name, a stage and a switch on each line.
func features(out []byte) bool {
	line, _, _ := bytes.Cut(out, []byte("\n"))
	words := bytes.Fields(line)
	return len(words) > 2 && (string(words[len(words)-1]) == "true" || string(words[len(words)-1]) == "false")
}

// verdict reads what a start-up check printed: one line of JSON.
func verdict(out []byte) error {
	for line := range bytes.Lines(out) {
		var v startup
		if json.Unmarshal(line, &v) != nil {
			continue
		}
		if v.Error != nil {
			return &LoadError{Place: v.Error.Data.Place, Detail: withoutValues(v.Error.Data.text(v.Error.Message))}
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
	plan.Place
}

// text is what Codex says, without the place in our private folder.
func (e startupError) text(message string) string {
	text := e.Detail
	if text == "" {
		text = message
	}
	if e.FilePath != "" {
		text = strings.ReplaceAll(text, plan.Origin{File: e.FilePath, Place: e.Place}.String()+": ", "")
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
