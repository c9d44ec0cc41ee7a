package codex_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// A ledger that could not be read again is refused before anything is written.
func TestLedgerTooLarge(t *testing.T) {
	for size, fits := range map[int]bool{100 << 10: true, 2200 << 10: false} {
		config := "[big]\nx = \"" + strings.Repeat("word ", size/5) + "\"\n"
		s, err := codex.Decode("/h", codex.File{Exists: true, Data: []byte(config), Mode: 0o600}, codex.File{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		d := plan.Desired{Absent: []plan.Removal{{Address: plan.Address{"big"}}}}
		_, err = s.Render(plan.Make(d, s.Observed), birthday)
		var bad *codex.FileError
		if fits != (err == nil) || err != nil && (!errors.As(err, &bad) || bad.File != codex.LedgerFile || bad.Fix == "") {
			t.Errorf("%d bytes: got %v", size, err)
		}
	}
}
