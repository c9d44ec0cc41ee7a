package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// backOptions are the flags of the commands that go back.
type backOptions struct {
	homeOptions
	installedOptions
	autoApprove bool
	lockTimeout time.Duration
}

func (o *backOptions) addTo(cmd *cobra.Command) {
	o.addHomeTo(cmd)
	o.addInstalledTo(cmd)
	cmd.Flags().BoolVar(&o.autoApprove, "auto-approve", false, "do not ask; needed where no terminal is there to ask")
	cmd.Flags().DurationVar(&o.lockTimeout, "lock-timeout", 10*time.Second, "how long to wait for another codexform")
}

func newRollbackCommand(a *app) *cobra.Command {
	var o backOptions
	cmd := &cobra.Command{
		Use:   "rollback [N]",
		Short: "Give our keys the values that they had before an apply",
		Long: `Give the keys that codexform manages the values that they had before apply N of
history, the last one when N is not given. Keys that somebody changed since stay
as they are, and so does everything else in the files. An earlier key of auth.json
is not kept anywhere: ours stays, unless there was none before, or the host from
before is another one. The gateway is not asked: see confirm.

` + exitHelp(exitDone, exitFailed, exitUsage, exitStale, exitLocked, exitUndo),
		Example: `  codexform rollback
  codexform rollback 3 --auto-approve`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, args []string) error { return runRollback(cmd.Context(), a, o, args) },
	}
	o.addTo(cmd)
	return cmd
}

func runRollback(ctx context.Context, a *app, o backOptions, args []string) error {
	home, err := a.findHome(o.homeOptions, nil)
	if err != nil {
		return err
	}
	records, err := a.history(home)
	if err != nil {
		return err
	}
	after, err := since(records, args)
	if err != nil {
		return err
	}
	return a.goBack(ctx, o, home, "rollback", rollbackTo(after))
}

// maker makes a plan of what is there.
type maker = func(plan.Desired, plan.Observed) plan.Plan

// rollbackTo plans to go back behind applies.
func rollbackTo(after []plan.Record) maker {
	return func(_ plan.Desired, seen plan.Observed) plan.Plan { return plan.Rollback(after, seen, keyHost) }
}

// keyHost is where a config.toml sends the key.
func keyHost(config plan.Value) string {
	return codex.Effective(config, plan.Auth{}, codex.Environment{}).Origin()
}

// since are the applies to go back behind: the one that was named, and all after it.
func since(records []plan.Record, args []string) ([]plan.Record, error) {
	if len(records) == 0 {
		return nil, errors.New("nothing has been applied to this home yet, so there is nothing to go back to")
	}
	first, last := records[0].N, records[len(records)-1].N
	n := last
	if len(args) > 0 {
		var err error
		if n, err = strconv.Atoi(args[0]); err != nil || n < first || n > last {
			return nil, &usageError{fmt.Errorf("rollback %s: `codexform history` lists the applies, %d to %d", args[0], first, last)}
		}
	}
	return records[slices.IndexFunc(records, func(r plan.Record) bool { return r.N >= n }):], nil
}

func newDestroyCommand(a *app) *cobra.Command {
	var o backOptions
	cmd := &cobra.Command{
		Use:   "destroy",
		Short: "Give everything back: prior values restored, our keys removed",
		Long: `Give every key that codexform owns in a Codex home back: the value from before
codexform where there was one, else the key goes. Keys that somebody changed since
stay as they are, and so does everything else in the files. A ChatGPT login that
the key displaced counts again.

` + exitHelp(exitDone, exitFailed, exitUsage, exitStale, exitLocked, exitUndo),
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			home, err := a.findHome(o.homeOptions, nil)
			if err != nil {
				return err
			}
			return a.goBack(cmd.Context(), o, home, "destroy", plan.Make)
		},
	}
	o.addTo(cmd)
	return cmd
}

// goBack applies a plan that needs no desired state.
func (a *app) goBack(ctx context.Context, o backOptions, home, command string, make maker) error {
	if !o.autoApprove && (!a.env.canAsk() || a.format != string(ui.Text)) {
		return &usageError{errors.New("there is nobody to ask: give --auto-approve to go back without a question")}
	}
	i, err := o.installed()
	if err != nil {
		return err
	}
	run := a.looking(home, nil, i)
	run.Command, run.Make = command, make
	run.Review = a.review(o.autoApprove)
	run.LockTimeout, run.NoConfirm = o.lockTimeout, true
	result, err := apply.Run(ctx, run)
	a.line.clear()
	a.logApply(result, err)
	if as[*apply.DiagnosticError](err) {
		a.view.Review(result.Plan) // nobody has seen the findings yet
	}
	f := failure(err)
	if f != nil {
		f.Notes = append(f.Notes, became(result.Outcome)...)
	}
	a.view.Apply(result, f)
	return said(err)
}
