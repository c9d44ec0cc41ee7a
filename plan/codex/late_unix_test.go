//go:build unix

package codex_test

import (
	"errors"
	"testing"

	"github.com/codexform/codexform/plan/codex"
)

// A Codex of before 0.164 that starts with no file of a user's is refused by the machine's
// own: there is nothing to compare with.
func TestOldCodexJudgesTheMachinesFiles(t *testing.T) {
	b := program(t, `case $1 in features) echo "Error: /etc/codex/config.toml:1:9: invalid type" >&2; exit 1 ;; *) exit 2 ;; esac`)
	var bad *codex.LoadError
	if err := b.Loads(t.Context(), nil); !errors.Is(err, codex.ErrUnchecked) {
		t.Errorf("a home without a file: %v", err)
	}
	b.AsUser = true
	openToAll(t, b.Path)
	if err := b.Loads(t.Context(), nil); !errors.As(err, &bad) {
		t.Errorf("as a user: %v", err)
	}
}
