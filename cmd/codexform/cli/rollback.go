package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

func newRollbackCommand(a *app) *cobra.Command {
	var o reversalOptions
	cmd := &cobra.Command{
		Use:   "rollback [N]",
		Short: "Give our keys the values that they had before an apply",
		Long: `Give the keys that codexform manages the values that they had before apply N of
history, the last one when N is not given. Keys that somebody changed since stay
as they are, and so does everything else in the files. An earlier key of auth.json
is not kept anywhere: ours stays, unless there was none before, or the host from
before is another one. The gateway is not asked: see confirm.

` + legend + `
` + exitHelpWith(map[int]string{exitUndo: halfWay}, exitDone, exitFailed, exitUsage, exitStale, exitLocked, exitUndo),
		Example: `  codexform rollback
  codexform rollback 3 --auto-approve`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, args []string) error { return runRollback(cmd.Context(), a, o, args) },
	}
	o.addTo(cmd)
	return cmd
}

func runRollback(ctx context.Context, a *app, o reversalOptions, args []string) error {
	at, err := a.homeWithout(o.homeOptions)
	if err != nil {
		return err
	}
	after, err := a.rolledBack(at.home, args)
	if err != nil {
		return err
	}
	o.autoApprove = o.autoApprove || len(after) == 0 // there is nothing to ask about
	return a.giveBack(ctx, o, at, "rollback", rollbackTo(after))
}

// rolledBack are the applies to a home that a rollback goes back behind: the one that
// args name, and all after it.
func (a *app) rolledBack(home string, args []string) ([]plan.Record, error) {
	records, err := a.history(home)
	if err != nil {
		return nil, err
	}
	return since(records, args)
}

// rollbackTo plans to go back behind applies.
func rollbackTo(after []plan.Record) maker {
	return func(_ plan.Desired, seen plan.Observed) plan.Plan { return plan.Rollback(after, seen, keyHost) }
}

// keyHost is where a config.toml sends the key.
func keyHost(config plan.Value) string {
	return codex.Effective(config, plan.Auth{}, codex.Environment{}).Origin()
}

// since are the applies to go back behind: the one that was named, and all after it;
// none where nothing has been applied yet.
func since(records []plan.Record, args []string) ([]plan.Record, error) {
	if len(records) == 0 {
		return nil, nil
	}
	if len(args) == 0 {
		return records[len(records)-1:], nil
	}
	i, err := numbered(records, args[0])
	if err != nil {
		return nil, &usageError{fmt.Errorf("rollback %w", err)}
	}
	return records[i:], nil
}
