package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/codex"
)

func newHistoryCommand(a *app) *cobra.Command {
	var o homeOptions
	cmd := &cobra.Command{
		Use:   "history",
		Short: "List past applies to a Codex home",
		Long: `List what apply, rollback and destroy changed in a Codex home, oldest first. The
number in front is the one that rollback takes.

` + legend + `
` + exitHelp(exitDone, exitFailed, exitUsage),
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return runHistory(a, o) },
	}
	o.addTo(cmd)
	cmd.AddCommand(newHistoryShowCommand(a))
	return cmd
}

func newHistoryShowCommand(a *app) *cobra.Command {
	var o homeOptions
	cmd := &cobra.Command{
		Use:   "show N",
		Short: "Show what one apply changed",
		Long: `Show one line of history: what apply, rollback or destroy number N changed, key by
key, by which version of codexform, and what the gateway answered.

` + legend + `
` + exitHelp(exitDone, exitFailed, exitUsage),
		Example:           `  codexform history show 3`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(_ *cobra.Command, args []string) error { return runHistoryShow(a, o, args[0]) },
	}
	o.addTo(cmd)
	return cmd
}

func runHistoryShow(a *app, o homeOptions, arg string) error {
	at, err := a.homeWithout(o)
	if err != nil {
		return err
	}
	records, err := a.history(at.home)
	if err != nil {
		return err
	}
	i, err := numbered(records, arg)
	if err != nil {
		return &usageError{fmt.Errorf("history show %w", err)}
	}
	a.view.History(records[i:i+1], at.home)
	return nil
}

// numbered finds the record that a number on the command line means.
func numbered(records []plan.Record, arg string) (int, error) {
	n, err := strconv.Atoi(arg)
	i := slices.IndexFunc(records, func(r plan.Record) bool { return r.N == n })
	switch {
	case len(records) == 0:
		return 0, fmt.Errorf("%s: nothing has been applied to this home yet", arg)
	case err != nil || i < 0:
		return 0, fmt.Errorf("%s: `codexform history` lists the applies, %d to %d", arg, records[0].N, records[len(records)-1].N)
	}
	return i, nil
}

func runHistory(a *app, o homeOptions) error {
	at, err := a.homeWithout(o)
	if err != nil {
		return err
	}
	records, err := a.history(at.home)
	if err != nil {
		return err
	}
	a.view.History(records, at.home)
	return nil
}

// maxHistory bounds history.jsonl, in bytes: apply keeps a quarter of that.
const maxHistory = 4 << 20

// history reads what was applied to a home, oldest first.
func (a *app) history(home string) ([]plan.Record, error) {
	name := filepath.Join(a.stateOf(home), "history.jsonl")
	data, _, err := bounded.File(a.env.Fs, name, maxHistory)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if info, no := a.env.Fs.Stat(home); no == nil && !info.IsDir() {
		return nil, &commit.RefusedError{Path: home, Reason: commit.ReasonNotRegular, Detail: "is not a folder", Fix: "move it away: Codex needs a folder there"}
	}
	if err != nil {
		return nil, unreadHistory(name, err)
	}
	records, err := plan.ParseHistory(data)
	if err != nil {
		err = codex.DamagedHistory(err)
	}
	return records, err
}

// unreadHistory says of a history that could not be read what apply says of any state
// file: the place, what is wrong, and what mends it. A fault of the disk stays one.
func unreadHistory(name string, err error) error {
	r := &commit.RefusedError{Path: name, Reason: commit.ReasonNotRegular, Detail: err.Error(), Fix: "move it away: the next apply begins a new one"}
	var cause syscall.Errno
	switch {
	case bounded.Refused(err):
	case bounded.Silent(err):
		r.Reason, r.Fix = commit.ReasonUnreadable, "mount its file system again, or unmount it"
	case errors.Is(err, fs.ErrPermission):
		r.Reason, r.Detail, r.Fix = commit.ReasonUnreadable, "could not be read", "give this user the right to read it and to enter its folder"
	case errors.As(err, &cause) && (cause == syscall.ENOTDIR || cause == syscall.ELOOP):
		r.Detail, r.Fix = "cannot be reached: "+cause.Error(), "move away what stands in the place of its folder"
	default:
		return err
	}
	return r
}
