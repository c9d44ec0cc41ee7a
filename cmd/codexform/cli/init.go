package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/sources"
)

type initOptions struct {
	home  string
	out   string
	force bool
}

func newInitCommand(a *app) *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a starter codex.yaml, from the Codex home when there is one",
		Long: `Write a first desired state. Where a Codex home is, it asks for what the home has
now, so that a plan of it has nothing to do; what it leaves out or would change
stands on top of the file. Without one it is a form to fill in. The key itself is
never copied: the file names a variable, in which the key has to be.

` + exitHelp(exitDone, exitFailed, exitUsage),
		Example: `  codexform init
  codexform init --codex-home /home/ada/.codex -o ada.yaml
  codexform init -o -`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return runInit(cmd.Context(), a, o) },
	}
	flags := cmd.Flags()
	flags.Var((*folder)(&o.home), "codex-home", "the Codex home to start from (default: $CODEX_HOME, ~/.codex)")
	flags.StringVarP(&o.out, "output", "o", defaultFile, "the file to write, - for stdout")
	flags.BoolVar(&o.force, "force", false, "replace the file if it is there")
	must(cmd.MarkFlagDirname("codex-home"))
	must(cmd.MarkFlagFilename("output", "yaml", "yml"))
	return cmd
}

func runInit(_ context.Context, a *app, o initOptions) error {
	home, err := a.findHome(homeOptions{home: o.home}, nil)
	if err != nil {
		return err
	}
	snapshot, err := codex.Read(a.env.Fs, home)
	if err != nil {
		return err
	}
	if o.home != "" && !snapshot.Config.Exists && !snapshot.Auth.Exists {
		return &usageError{err: fmt.Errorf("--codex-home: there is neither config.toml nor auth.json in %s", home)}
	}
	d := a.draft(snapshot)
	if err := a.takesUp(snapshot, d.entries); err != nil {
		return err
	}
	answer := ui.Initial{File: o.out, Home: d.home, Variable: d.variable, Notes: d.notes}
	text := sources.Starter(d.intro(), d.entries)
	if o.out == "-" {
		answer.YAML = string(text)
	} else if err := writeStarter(o, text); err != nil {
		return err
	}
	a.view.Initial(answer)
	return nil
}

// takesUp is why a home cannot have what a desired state asks for, whatever fills the
// form: something else stands in its place.
func (a *app) takesUp(s codex.Snapshot, entries []sources.Entry) error {
	desired, _ := sources.Try(a.env.World, entries...)
	_, err := s.Render(plan.Make(desired, s.Observed), a.env.Now())
	return err
}

func writeStarter(o initOptions, text []byte) error {
	err := commit.WriteUserFile(o.out, text, 0o644, o.force)
	if errors.Is(err, fs.ErrExist) {
		return &usageError{err: fmt.Errorf("%s is there already: --force replaces it, -o names another file", o.out)}
	}
	return err
}

// intro is what the file says about itself.
func (d *draft) intro() string {
	lines := []string{"The desired state of a Codex home: `codexform plan` compares, `codexform apply` changes."}
	if d.home != "" {
		lines = []string{"The desired state of a Codex home, as it was found. What is not named here stays the user's."}
	}
	for _, n := range d.notes {
		lines = append(lines, "- "+n)
	}
	return strings.Join(lines, "\n")
}
