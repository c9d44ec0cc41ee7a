package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/cmd/codexform/users"
	"github.com/codexform/codexform/plan/status"
)

// usersOptions are the flags of the commands that work for other users.
type usersOptions struct {
	names       []string
	all, create bool
}

// addUsersTo lets a command work for other users too.
func (a *app) addUsersTo(cmd *cobra.Command) *cobra.Command {
	var o usersOptions
	flags := cmd.Flags()
	flags.StringArrayVar(&o.names, "user", nil, "as root: do it for this user, as that user; may be given several times")
	flags.BoolVar(&o.all, "all-users", false, "as root: do it for every user of this machine who has a Codex home")
	if cmd.Name() == "apply" {
		flags.BoolVar(&o.create, "create", false, "with --all-users: make a Codex home for those who have none")
	}
	alone := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !o.all && len(o.names) == 0 && !o.create {
			return alone(cmd, args)
		}
		return a.runForUsers(cmd.Context(), cmd, args, o)
	}
	return cmd
}

func (a *app) runForUsers(ctx context.Context, cmd *cobra.Command, args []string, o usersOptions) error {
	if err := a.fitForUsers(cmd, args, o); err != nil {
		return &usageError{err}
	}
	accounts, err := o.accounts(ctx)
	if err != nil {
		return &usageError{err}
	}
	c, err := a.commission(ctx, cmd, args, o, accounts)
	if err != nil {
		return err
	}
	defer c.close(ctx)
	a.collectEarly()
	results := c.each(ctx, accounts)
	a.line.clear()
	if a.state = worstState(results); a.state == nil {
		s := a.unknown()
		s.State = status.Skipped
		a.state = &s
	}
	a.view.Users(results)
	if err := ctx.Err(); err != nil {
		return said(err)
	}
	if code := worstExit(results); code != exitDone && a.dialect == nil {
		return said(&worstError{code})
	}
	return nil
}

// collectEarly has the garbage collector begin at once. It would wait until there is
// what a run for one home never makes; each user adds some, and nobody needs it after.
func (a *app) collectEarly() {
	if a.env.getenv("GOGC") == "" && a.env.getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(50)
	}
}

// fitForUsers reports flags that do not go together with other users.
func (a *app) fitForUsers(cmd *cobra.Command, args []string, o usersOptions) error {
	changed := cmd.Flags().Changed
	for _, name := range []string{"out", "base", "against"} {
		if changed(name) {
			return fmt.Errorf("--%s is about one plan, and not for --user or --all-users", name)
		}
	}
	switch {
	case !users.Privileged():
		return errors.New("--user and --all-users are for root: sudo codexform …; for yourself leave them away")
	case o.all && len(o.names) > 0:
		return errors.New("--user and --all-users: give one of them")
	case o.create && !o.all:
		return errors.New("--create goes with --all-users; for a user who is named, a Codex home is made anyway")
	case changed("codex-home") && (o.all || len(o.names) > 1):
		return errors.New("--codex-home is one home: it goes with one --user")
	case cmd.Name() == "apply" && len(args) > 0:
		return errors.New("a saved plan is about one home, and not for --user or --all-users")
	case !slices.Contains(ui.UsersFormats, ui.Format(a.format)):
		return fmt.Errorf("--format %s is not for several users: it is %s", a.format, either(formats(ui.UsersFormats)))
	case needsApproval(cmd) && !changed("auto-approve") && a.dialect == nil:
		return errors.New("nobody is asked for other users: look with plan --user or --all-users, then give --auto-approve")
	}
	return nil
}

func needsApproval(cmd *cobra.Command) bool { return cmd.Flags().Lookup("auto-approve") != nil }

// sought is an account that a command is for, or why it was not found: an error of that
// user, which stops no other.
type sought struct {
	users.Account
	missing error
}

// accounts are those that the flags mean.
func (o usersOptions) accounts(ctx context.Context) ([]sought, error) {
	var out []sought
	if o.all {
		all, err := users.All(ctx)
		for _, account := range all {
			out = append(out, sought{Account: account})
		}
		return out, err
	}
	for _, name := range o.names {
		account, err := users.Find(ctx, name)
		if err != nil {
			account = users.Account{Name: name}
		}
		same := func(s sought) bool { return s.Account == account }
		if !slices.ContainsFunc(out, same) {
			out = append(out, sought{account, err})
		}
	}
	return out, nil
}

// slow is when work for one user no longer holds up that for the next.
const slow = 5 * time.Second

// each does the work for every account, a few at a time, and gives the results in the
// order of the accounts.
func (c *commission) each(ctx context.Context, accounts []sought) []ui.UserResult {
	results := make([]ui.UserResult, len(accounts))
	slots := make(chan struct{}, max(4, 2*runtime.NumCPU()))
	var all sync.WaitGroup
	for i, account := range accounts {
		slots <- struct{}{}
		free := sync.OnceFunc(func() { <-slots })
		late := time.AfterFunc(slow, free)
		all.Go(func() {
			defer func() { late.Stop(); free() }()
			results[i] = c.one(ctx, account)
		})
	}
	all.Wait()
	return results
}

// worstError is the exit code of several users.
type worstError struct{ code int }

func (e *worstError) Error() string { return "not every user is as wanted" }

// exitOrder says which exit code counts where several hold, the first one first.
var exitOrder = []int{
	exitBug, exitInterrupted, exitUndo, exitLocked, exitStale, exitUsage, exitNotConfirmed, exitSecret, exitFailed, exitChanges,
}

func worstExit(results []ui.UserResult) int {
	for _, code := range exitOrder {
		if slices.ContainsFunc(results, func(r ui.UserResult) bool { return r.Exit == code }) {
			return code
		}
	}
	return exitDone
}

func worstState(results []ui.UserResult) *status.Status {
	var all []status.Status
	for _, r := range results {
		if r.Skipped == "" {
			all = append(all, r.Status)
		}
	}
	if worst, ok := status.Worst(all); ok {
		return &worst
	}
	return nil
}
