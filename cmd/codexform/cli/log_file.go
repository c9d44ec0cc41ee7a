package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/codexform/codexform/apply/commit"
)

// keep puts what stderr must not say where it can be read later: into the file of
// --log-file, else into the system's own log. Where there is neither it is lost; the
// answer on stdout has its code.
func (a *app) keep(text string) {
	text = strings.TrimRight(text, "\n")
	if name := valueIn(a.env.Args, "--log-file"); name != "" && appended(name, text) == nil {
		return
	}
	_ = toSystemLog(text)
}

func appended(name, text string) error {
	f, err := commit.AppendUserFile(name)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, text)
	return cmp.Or(err, f.Close())
}
