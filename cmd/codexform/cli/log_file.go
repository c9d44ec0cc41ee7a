package cli

import (
	"fmt"
	"strings"

	"github.com/codexform/codexform/apply/commit"
)

// keep puts what stderr must not say where it can be read later: into the file of
// --log-file, else into the system's own log. Where there is neither it is lost; the
// answer on stdout has its code.
func (a *app) keep(text string) {
	text = strings.TrimRight(text, "\n")
	if a.logging.file != "" {
		if f, err := commit.AppendUserFile(a.logging.file); err == nil {
			defer f.Close()
			fmt.Fprintln(f, text)
			return
		}
	}
	_ = toSystemLog(text)
}
