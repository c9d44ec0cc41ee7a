package codex

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/stall"
)

// EndlessError is a key that leads Codex to a file that it would not get to the end of.
type EndlessError struct {
	Key  plan.Address
	What string // the file is, and what Codex would do
	Read bool   // it is a key whose file Codex reads when it starts
}

// Error says that Codex was not made to check the file.
func (e *EndlessError) Error() string {
	return fmt.Sprintf("%s: %s leads to %s", ErrUnchecked, e.Key, e.What)
}

// Unwrap makes it an ErrUnchecked.
func (e *EndlessError) Unwrap() error { return ErrUnchecked }

// Endless is a *EndlessError for the first such key of a config.toml, nil for none.
func Endless(home string, config plan.Value) error { return endless(home, nil, config) }

// endless says which key of a config.toml leads Codex to a file that has no end, or is
// larger than one that anybody wrote, nil for none: a Codex that is let start with it
// would wait, or read until the machine has no memory left.
func endless(home string, a plan.Address, v plan.Value) error {
	for _, m := range v.Members() {
		if err := endless(home, append(slices.Clip(a), m.Key), m.Value); err != nil {
			return err
		}
	}
	for _, item := range v.Items() {
		if item.Kind() != plan.KindString { // a list of texts is no list of files to read
			if err := endless(home, a, item); err != nil {
				return err
			}
		}
	}
	if v.Kind() != plan.KindString || len(a) == 0 || inSecretPlace(a) {
		return nil
	}
	file := fileOf(home, v.Text())
	look := stall.Enter(stall.Look, "", file)
	info, err := os.Stat(file)
	look.Leave()
	switch {
	case err != nil || info.IsDir() || v.Text() == os.DevNull:
	case info.Mode()&(os.ModeNamedPipe|os.ModeDevice) != 0:
		return &EndlessError{a, "a pipe or a device, which Codex would read without end", isRead(a[len(a)-1])}
	case info.Mode().IsRegular() && info.Size() > maxNamed && isRead(a[len(a)-1]):
		return &EndlessError{a, fmt.Sprintf("a file of %d MiB, which Codex would read whole", info.Size()>>20), true}
	}
	return nil
}

// isRead reports a key whose file is read, and not run.
func isRead(key string) bool {
	return strings.HasSuffix(key, "_file") || strings.HasSuffix(key, "_json")
}

// maxNamed is more than any catalogue of models or instructions has.
const maxNamed = 64 << 20

// fileOf is the file that a text of a config.toml would be the path of, "" for none.
func fileOf(home, text string) string {
	rest, below := strings.CutPrefix(text, "~/")
	switch user, err := os.UserHomeDir(); {
	case text == "" || len(text) > 1024 || strings.ContainsAny(text, "\x00\n"):
		return ""
	case below && err == nil:
		return filepath.Join(user, rest)
	case filepath.IsAbs(text):
		return text
	case home == "":
		return ""
	}
	return filepath.Join(home, text)
}
