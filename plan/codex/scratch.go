package codex

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/codexform/codexform/plan"
)

// scratch is a Codex home for one run of a program: private, outside every real
// home, with a config.toml and no key. It is the one place in this package that
// writes; remove takes all of it away again.
type scratch struct{ dir string }

func newScratch(config []byte) (scratch, error) {
	dir, err := os.MkdirTemp("", "codexform-") // 0700
	if err != nil {
		return scratch{}, fmt.Errorf("making a private folder for Codex: %w", err)
	}
	s := scratch{dir}
	if err := os.WriteFile(filepath.Join(dir, plan.ConfigFile), config, 0o600); err != nil {
		s.remove()
		return scratch{}, fmt.Errorf("making a private folder for Codex: %w", err)
	}
	return s, nil
}

// remove deletes the folder. What cannot be deleted holds no key and lies where
// the system cleans up.
func (s scratch) remove() { _ = os.RemoveAll(s.dir) }
