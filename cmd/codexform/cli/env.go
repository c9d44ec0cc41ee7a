package cli

import (
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan/rollout"
	"github.com/codexform/codexform/sources"
)

// Env is the world that a command works in. main collects the real one.
type Env struct {
	sources.World // variables, files, standard input, who the user is

	Args           []string // without the program's name
	Stdout, Stderr io.Writer
	Now            func() time.Time
	Build          ui.Build
	Machine        func() rollout.Machine // what a rollout draws its lot from; asked where there is one
	Large          func(bytes int)        // makes room for a config.toml of that size, nil where there is enough

	// Which streams are terminals; only a person at one is asked or shown colour.
	StdinTerminal, StdoutTerminal, StderrTerminal bool
	Width                                         int // of the terminal, 0 where there is none
}

// firmWriter remembers that an answer could not be written whole, on a full disk
// for example.
type firmWriter struct {
	to  io.Writer
	err error
}

func (w *firmWriter) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	if w.err == nil {
		w.err = err
	}
	return n, err
}

// readsOnly reports whether a command's answer is all that it does. Those that
// change files have done so even if nobody could be told.
func readsOnly(cmd *cobra.Command) bool {
	switch cmd.Name() {
	case "apply", "rollback", "destroy":
		return false
	case "init":
		return cmd.Flag("output").Value.String() == "-"
	}
	return true
}

// lostAnswer is why the answer of a command reached nobody, nil where it did, or where the
// command has done more than to answer. A reader who left has seen what he wanted: nothing
// is said of it, and a code that is an answer stays one. On a full disk it would be the
// answer of a document that is cut.
func (a *app) lostAnswer(cmd *cobra.Command, err error) error {
	if a.out.err == nil || !readsOnly(cmd) {
		return nil
	}
	lost := fmt.Errorf("writing the answer: %w", a.out.err)
	left := errors.Is(lost, syscall.EPIPE)
	switch {
	case err == nil && left:
		return said(lost)
	case err == nil, errors.Is(err, errChanges) && !left:
		return lost
	}
	return nil
}

// getenv is the value of a variable, "" where it is not set.
func (e Env) getenv(name string) string {
	v, _ := e.LookupEnv(name)
	return v
}

// canAsk reports whether somebody is there to answer. What is piped is never
// mixed with a question.
func (e Env) canAsk() bool { return e.StdinTerminal && e.StdoutTerminal && e.StderrTerminal }
