package cli

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/sources"
)

type applyOptions struct {
	lookOptions
	autoApprove bool
	noConfirm   bool
	repair      bool
	detailed    bool
	lockTimeout time.Duration
	now         bool
	saved       *plan.Document // nil where no stored plan is applied
}

// stored takes a stored plan in: what it was made of, and the consent that lies
// in having kept it.
func (o *applyOptions) stored(a *app, cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if isYAML(args[0]) {
		return &parseError{message: args[0] + " is a desired state, not a saved plan", here: policyHint(cmd.CommandPath(), args[0])}
	}
	d, err := a.savedPlan(args[0])
	if err != nil {
		return err
	}
	o.saved, o.autoApprove = &d, true
	if !cmd.Flags().Changed("file") {
		o.files = d.Desired.Files
	}
	if !cmd.Flags().Changed("codex-home") && !strings.Contains(d.CodexHome, "${env.") {
		o.home = d.CodexHome
	}
	return nil
}

// here is a stored plan that names its home in the policy's words, with this home in
// their place where they mean it.
func (a *app) here(d *plan.Document, home string) *plan.Document {
	if d == nil || d.CodexHome != a.shown.text(home) {
		return d
	}
	out := *d
	out.CodexHome = home
	return &out
}

func newApplyCommand(a *app) *cobra.Command {
	var o applyOptions
	cmd := &cobra.Command{
		Use:   "apply [PLANFILE]",
		Short: "Change the Codex home as planned, then confirm",
		Long: `Plan, show the plan, ask, and write config.toml and auth.json as one transaction:
both or neither. The gateway is asked for its models with the new URL and key
before anything is written, and again with what was written; when it refuses,
the files stay or become as they were.

With a plan that plan --out has stored, exactly that plan is applied, without a
question. It is refused when a managed key has moved since; what Codex wrote into
its other keys meanwhile does not matter.

` + legend + `
` + exitHelpWith(map[int]string{exitUsage: "wrong usage, the desired state is invalid, or a finding or the load check stops it"}, exitDone, exitFailed, exitChanges, exitUsage, exitSecret, exitNotConfirmed, exitStale, exitLocked, exitUndo),
		Example: `  codexform apply
  codexform apply --auto-approve -f team.yaml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.stored(a, cmd, args); err != nil {
				return err
			}
			return runApply(cmd.Context(), a, o)
		},
	}
	o.addTo(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&o.autoApprove, "auto-approve", false, "do not ask; needed where there is no terminal to ask on")
	flags.BoolVar(&o.noConfirm, "no-confirm", false, "do not ask the gateway")
	flags.BoolVar(&o.repair, "repair", false, "keep a damaged file aside and write a good one, instead of refusing it (not the policy's repair, which is about keys)")
	flags.BoolVar(&o.now, "now", false, "go ahead though the rollout holds the policy on this machine")
	a.contracts.addTo(cmd)
	a.addForTo(cmd)
	flags.BoolVar(&o.detailed, "detailed-exitcode", false, "exit with 2 when something was changed")
	flags.DurationVar(&o.lockTimeout, "lock-timeout", 10*time.Second, "how long to wait for another codexform")
	return cmd
}

func runApply(ctx context.Context, a *app, o applyOptions) error {
	if !o.autoApprove && a.dialect == nil && (!a.env.canAsk() || a.format != string(ui.Text)) {
		return &usageError{errors.New("there is nobody to ask: give --auto-approve to apply without a question")}
	}
	policy, err := a.loadTrusted(o.policyOptions)
	if err != nil {
		return err
	}
	defer func() { a.release(ctx, policy) }()
	a.remembers = true
	if !o.now {
		policy, err = a.spread(ctx, policy, func() (*sources.Policy, error) { return a.loadTrusted(o.policyOptions) })
		if err != nil {
			return err
		}
	}
	if err := a.besides(policy); err != nil {
		return err
	}
	home, err := a.findHome(o.homeOptions, policy)
	if err != nil {
		return err
	}
	checker, err := o.installed()
	if err != nil {
		return err
	}
	result, err := a.applyUnlessHeld(ctx, o, policy, home, checker)
	result.Plan.Desired.Confirm.Enabled = result.Plan.Desired.Confirm.Enabled && !o.noConfirm // of what was done
	a.ended(policy, home, "apply", result, err)
	if err == nil && o.detailed && result.Outcome == apply.Applied {
		return cmp.Or(a.tell(result, nil), said(errChanges))
	}
	return a.tell(result, err)
}

// applyUnlessHeld applies, or says that the policy waits on this machine.
func (a *app) applyUnlessHeld(ctx context.Context, o applyOptions, policy *sources.Policy, home string, i *installed) (apply.Result, error) {
	if a.needsStanding(policy) {
		_, held, err := a.standing(policy, home)
		if err != nil {
			return apply.Result{Outcome: apply.Failed}, err
		}
		if held != nil && !o.now {
			return apply.Result{Outcome: apply.Held, Plan: plan.Plan{Home: home, Desired: policy.Desired, Held: held}}, nil
		}
	}
	return apply.Run(ctx, a.applying(o, policy, home, i))
}

// tell says what came of an apply, and what stopped it.
func (a *app) tell(result apply.Result, err error) error {
	a.line.clear()
	a.logApply(result, err)
	if as[*apply.DiagnosticError](err) {
		a.view.Review(result.Plan) // nobody has seen the findings yet
	}
	f := failure(err)
	if f != nil {
		f.Notes = append(f.Notes, became(result.Outcome, err)...)
	}
	a.view.Apply(result, f)
	return said(err)
}

func (a *app) applying(o applyOptions, policy *sources.Policy, home string, i *installed) apply.Options {
	run := a.looking(home, policy, i)
	run.Saved, run.Review = a.here(o.saved, home), a.reviewFor(o)
	run.Gateway, run.NoConfirm = a.gateway(home), o.noConfirm
	run.ReplaceDamaged, run.LockTimeout = o.repair, o.lockTimeout
	return run
}

// reviewFor shows no promise to ask a gateway that this run will not ask.
func (a *app) reviewFor(o applyOptions) func(context.Context, plan.Plan) error {
	review := a.review(o.autoApprove || a.dialect != nil, applyQuestion)
	return func(ctx context.Context, p plan.Plan) error {
		p.Desired.Confirm.Enabled = p.Desired.Confirm.Enabled && !o.noConfirm
		return review(ctx, p)
	}
}

const applyQuestion = "\nApply these changes? Only \"yes\" applies them: "

// review shows the plan and asks, where somebody is to be asked.
func (a *app) review(approved bool, question string) func(context.Context, plan.Plan) error {
	return func(ctx context.Context, p plan.Plan) error {
		a.line.clear()
		a.logPlan(p)
		a.view.Review(p)
		if approved {
			return nil
		}
		return a.ask(ctx, question)
	}
}

// became says what an apply that failed has left.
func became(o apply.Outcome, err error) []string {
	switch {
	case o == apply.Refused, o == apply.Failed && exitCode(err) == exitSecret:
		return []string{"nothing was written; both files are as before"}
	case o == apply.RolledBack:
		return []string{"what was written is undone; both files are as before"}
	case o == apply.Kept:
		return []string{"both files are as written; mend what is wrong and apply again"}
	}
	return nil
}
