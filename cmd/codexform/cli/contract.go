package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan/status"
)

// contractOptions are the flags of the commands that consoles run.
type contractOptions struct{ name, splay string }

func (o *contractOptions) addTo(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.name, "contract", "", "answer as a console expects it, without a question: "+either(contractNames()))
	complete(cmd, "contract", contractNames()...)
	cmd.Flags().StringVar(&o.splay, "splay", "", "spread the machines over this time, such as 30m: wait for this one's place, or under --contract be held until then")
}

func contractNames() []string {
	var out []string
	for _, c := range status.Contracts {
		out = append(out, c.Name)
	}
	return out
}

// dialect is a run under a contract: what the command says for people, and the one
// answer that the console reads.
type dialect struct {
	contract status.Contract
	stdout   io.Writer
	quiet    *bytes.Buffer // what stderr would have said, nil where it may say it
}

// speaking puts a contract between a command and its streams, before the command line
// is parsed: a wrong one is complained about as the console expects.
func (a *app) speaking() {
	c, ok := status.FindContract(valueIn(a.env.Args, "--contract"))
	if !ok || slices.Contains(a.env.Args, "--help") || slices.Contains(a.env.Args, "-h") {
		return // a person asks what there is
	}
	d := &dialect{contract: c, stdout: a.env.Stdout}
	if !c.Form.People() {
		a.env.Stdout, a.env.StdoutTerminal = io.Discard, false
	}
	if c.Quiet {
		d.quiet = &bytes.Buffer{}
		a.env.Stderr, a.env.StderrTerminal = d.quiet, false
	}
	a.env.StdinTerminal = false // a console asks nobody
	a.dialect = d
}

// answer says what came of the command as the console expects, and gives the exit
// code that it expects.
func (a *app) answer(err error) int {
	d := a.dialect
	if d.quiet != nil && d.quiet.Len() > 0 {
		a.keep(d.quiet.String())
	}
	if exitCode(err) == exitInterrupted {
		return exitInterrupted
	}
	s := a.stateAfter(err)
	text := d.contract.Form.Text(s)
	if strings.HasPrefix(text, "{") {
		text = ui.InertDocument(text)
	}
	if _, err := fmt.Fprint(d.stdout, text); err != nil && d.contract.Exit(s) == exitDone {
		return exitFailed
	}
	return d.contract.Exit(s)
}

// stateAfter is the state that a command has found, or what stopped it before it could
// say what it has found.
func (a *app) stateAfter(err error) status.Status {
	if a.state != nil && (err == nil || as[*saidError](err)) {
		return *a.state
	}
	s := a.unknown()
	if a.state != nil {
		s = *a.state
	}
	if err == nil || errors.Is(err, errChanges) {
		return s
	}
	return broken(s, err)
}

// broken is a status of what could not be found out or done.
func broken(s status.Status, err error) status.Status {
	s.State, s.Code, s.Message = status.Failed, codeOf(err), firstLine(err)
	return s
}
