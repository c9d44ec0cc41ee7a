package codex

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

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
	info, err := os.Stat(fileOf(home, v.Text()))
	switch {
	case err != nil || info.IsDir() || v.Text() == os.DevNull:
	case info.Mode()&(os.ModeNamedPipe|os.ModeDevice) != 0:
		return fmt.Errorf("%w: %s leads to a pipe or a device, which Codex would read without end", ErrUnchecked, a)
	case info.Mode().IsRegular() && info.Size() > maxNamed && isRead(a[len(a)-1]):
		return fmt.Errorf("%w: %s leads to a file of %d MiB, which Codex would read whole", ErrUnchecked, a, info.Size()>>20)
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
