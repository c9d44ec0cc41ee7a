package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// logFile opens the file of --log-file, which only its owner may read: a log names
// homes and policies.
func logFile(name string) (io.WriteCloser, error) {
	return os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}

// keep puts what stderr must not say where it can be read later: into the file of
// --log-file, else into the system's own log. Where there is neither it is lost; the
// answer on stdout has its code.
func (a *app) keep(text string) {
	text = strings.TrimRight(text, "\n")
	if a.logging.file != "" {
		if f, err := logFile(a.logging.file); err == nil {
			defer f.Close()
			fmt.Fprintln(f, text)
			return
		}
	}
	_ = toSystemLog(text)
}
