package cli

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/spf13/afero"
	"github.com/spf13/cobra"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

func newHistoryCommand(a *app) *cobra.Command {
	var o homeOptions
	cmd := &cobra.Command{
		Use:   "history",
		Short: "List past applies to a Codex home",
		Long: `List what apply, rollback and destroy changed in a Codex home, oldest first. The
number in front is the one that rollback takes.

` + exitHelp(exitDone, exitFailed, exitUsage),
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return runHistory(a, o) },
	}
	o.addHomeTo(cmd)
	return cmd
}

func runHistory(a *app, o homeOptions) error {
	home, err := a.findHome(o, nil)
	if err != nil {
		return err
	}
	records, err := a.history(home)
	if err != nil {
		return err
	}
	a.view.History(records, home)
	return nil
}

// history reads what was applied to a home, oldest first.
func (a *app) history(home string) ([]plan.Record, error) {
	data, err := afero.ReadFile(a.env.Fs, filepath.Join(home, codex.StateDir, "history.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return plan.ParseHistory(data)
}
