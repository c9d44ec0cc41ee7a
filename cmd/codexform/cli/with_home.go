package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/sources"
)

// homeWithout is the home of a command that works without a policy, and with a broken
// one: of a policy nothing but codex_home counts, and with --codex-home not even that.
func (a *app) homeWithout(o homeOptions) (found, error) {
	f := found{}
	if o.home == "" {
		at, err := a.codexHome(o.policyOptions)
		if err != nil {
			return found{}, err
		}
		f.named, f.unasked = at.Path, (at.Path != "" || at.System) && !o.given()
		if at.System {
			f.home = a.systemHome()
			return f, nil
		}
	}
	var err error
	if f.home, err = codex.FindHome(o.home, f.named, a.env.LookupEnv, a.env.Home); err != nil {
		return found{}, &usageError{err}
	}
	return f, a.mayEnter(f.home)
}

// found is a home, and who named it.
type found struct {
	home    string
	named   string // codex_home, "" where it did not count
	purge   bool   // the state folder goes too
	unasked bool   // a codex.yaml that only happens to be here named it
}

// codexHome is what the desired state says of the home. One that nobody has named and
// that cannot be read counts as none.
func (a *app) codexHome(o policyOptions) (sources.Home, error) {
	if a.missingDefault(o) {
		return sources.Home{}, nil
	}
	home, err := sources.CodexHome(a.errand.world(a.env.World), o.files)
	a.shown.add(home.Written)
	if err == nil || o.given() || errors.Is(err, context.Canceled) {
		return home, err
	}
	for _, p := range sources.Problems(err) {
		a.warn(fmt.Sprintf("%s: %s; it counts as none", p.Origin, p.Message))
	}
	return sources.Home{}, nil
}

// reversalOptions are the flags of the commands that give back.
type reversalOptions struct {
	lookOptions
	autoApprove bool
	lockTimeout time.Duration
}

func (o *reversalOptions) addTo(cmd *cobra.Command) {
	o.lookOptions.addTo(cmd)
	cmd.Flags().BoolVar(&o.autoApprove, "auto-approve", false, "do not ask; needed where there is no terminal to ask on")
	cmd.Flags().DurationVar(&o.lockTimeout, "lock-timeout", 10*time.Second, "how long to wait for another codexform")
}

// maker makes a plan of what is there.
type maker = func(plan.Desired, plan.Observed) plan.Plan

// giveBack applies a plan that needs no desired state.
func (a *app) giveBack(ctx context.Context, o reversalOptions, at found, command string, make maker) error {
	if !o.autoApprove && (!a.env.canAsk() || a.format != string(ui.Text)) {
		return &usageError{errors.New("there is nobody to ask: give --auto-approve to go on without a question")}
	}
	i, err := o.installed()
	if err != nil {
		return err
	}
	run := a.looking(at.home, nil, i)
	run.Command, run.Make, run.Purge = command, make, at.purge
	run.Review = a.review(o.autoApprove, at.question())
	run.LockTimeout, run.NoConfirm = o.lockTimeout, true
	result, err := apply.Run(ctx, run)
	a.ended(nil, run.Home, run.Command, result, err)
	return a.tell(result, err)
}

// question asks about the home too, where nobody has said which one is meant.
func (f found) question() string {
	if f.purge {
		return fmt.Sprintf("\nApply these changes to %s, and remove what codexform remembers of it? Only \"yes\" does: ", ui.Visible(f.home))
	}
	if f.unasked {
		return fmt.Sprintf("\nThe Codex home is %s, because %s here says so.\nApply these changes there? Only \"yes\" applies them: ", ui.Visible(f.home), defaultFile)
	}
	return applyQuestion
}
