package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/status"
	"github.com/codexform/codexform/sources"
)

type planOptions struct {
	lookOptions
	detailed bool
	failOn   string
	secrets  string
	out      string
	against  string
	base     []string
	destroy  bool
	rollback string // the apply's number, lastApply, or "" for none
}

// lastApply is --rollback without a number.
const lastApply = "last"

// legend says what the marks of a plan mean, wherever one is shown.
const legend = `  + create                      ~ update (in Markdown !)
  - delete                      · released: changed by someone, left alone
  ? known at apply only         ! a person should look at it first
  → from here to there          … cut: plan --full shows all of it
`

func newPlanCommand(a *app) *cobra.Command {
	var o planOptions
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what apply would change",
		Long: `Compare the desired state with config.toml and auth.json and print what would
change, key by key. Keys that the desired state does not name are yours: they are
counted and stay. Nothing is written in any home; where there are changes, an
installed Codex loads a copy of the new config.toml, which holds no key and is gone
when that ends. What apply would refuse, plan refuses with the same exit code.

` + legend + `
` + exitHelpWith(map[int]string{exitUsage: "wrong usage, the desired state is invalid, or a finding is as bad as --fail-on says"}, exitDone, exitFailed, exitChanges, exitUsage, exitSecret),
		Example: `  codexform plan
  codexform plan -f team.yaml --detailed-exitcode
  codexform plan --secrets skip --format markdown`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return runPlan(cmd.Context(), a, o) },
	}
	o.addTo(cmd)
	cmd.Flags().BoolVar(&o.detailed, "detailed-exitcode", false, "exit with 2 when there are changes")
	cmd.Flags().StringVar(&o.secrets, "secrets", "resolve", "resolve: get the secret; skip: plan without it")
	complete(cmd, "secrets", "resolve", "skip")
	cmd.Flags().StringVar(&o.failOn, "fail-on", "error", "exit with 3 when there is a finding of this severity or a worse one: error, review or warning")
	complete(cmd, "fail-on", failOns...)
	a.contracts.addTo(cmd)
	a.addForTo(cmd)
	cmd.Flags().BoolVar(&a.full, "full", false, "cut no long value and fold no removed table")
	cmd.Flags().BoolVar(&a.verbose, "verbose", false, "show each finding about keys that are yours, not their number alone")
	cmd.Flags().StringVar(&o.out, "out", "", "store the plan in this file, for show and apply")
	cmd.Flags().StringVar(&o.against, "against", "", "compare with the copies of config.toml and auth.json in this folder")
	cmd.Flags().StringArrayVar(&o.base, "base", nil, "plan from the state that this desired state would make, or none for an empty one: what a change of the YAML changes")
	cmd.Flags().BoolVar(&o.destroy, "destroy", false, "show what destroy would do; with --base, what it would once that desired state is in force")
	cmd.Flags().StringVar(&o.rollback, "rollback", "", "show what rollback would do, to before the last apply or to before apply `N` of history")
	cmd.Flags().Lookup("rollback").NoOptDefVal = lastApply
	must(cmd.MarkFlagDirname("against"))
	must(cmd.MarkFlagFilename("base", "yaml", "yml"))
	return cmd
}

func runPlan(ctx context.Context, a *app, o planOptions) error {
	if err := o.fit(); err != nil {
		return &usageError{err}
	}
	policy, err := a.policyToPlan(ctx, o)
	if policy != nil {
		defer a.release(ctx, policy)
	}
	if err != nil {
		return err
	}
	if err := a.besides(policy); err != nil {
		return err
	}
	s, held, err := a.stance(o, policy)
	if err != nil {
		return err
	}
	if held != nil {
		o.secrets = "skip" // a machine that waits asks nobody
	}
	sight, err := a.plan(ctx, o, policy)
	if err != nil {
		return err
	}
	sight.Plan.Held = held
	p, stopped := sight.Plan, cmp.Or(sight.Err(), o.failing(sight.Plan))
	a.answerWith(s, held, sight, policy, stopped)
	a.logPlan(p)
	if err = stopped; err == nil && o.out != "" {
		if err := a.store(p, o.out); err != nil {
			return err
		}
	}
	a.line.clear()
	a.view.Plan(p, failure(err))
	if err == nil && o.detailed && p.Differs() {
		err = errChanges
	}
	return said(err)
}

// policyToPlan is the policy that a plan is of, nil where it needs none. One that comes
// with an error is to be released all the same.
func (a *app) policyToPlan(ctx context.Context, o planOptions) (*sources.Policy, error) {
	if o.gives() {
		return nil, nil
	}
	load := func() (*sources.Policy, error) {
		switch {
		case o.simulated():
			return a.loadForReview(o.policyOptions)
		case o.secrets == "resolve":
			return a.loadTrusted(o.policyOptions)
		}
		return a.load(o.policyOptions)
	}
	policy, err := load()
	if err != nil {
		return nil, err
	}
	return a.spread(ctx, policy, load)
}

// stance is what is known of a policy on this machine before its home is looked at. A
// plan of a home that is not there, and one that gives back, know no rollout.
func (a *app) stance(o planOptions, policy *sources.Policy) (status.Status, *plan.Held, error) {
	s := a.unknown()
	if policy == nil || o.simulated() || !a.needsStanding(policy) {
		return s, nil, nil
	}
	home, err := a.planHome(o, policy)
	if err != nil {
		return s, nil, err
	}
	return a.standing(policy, home)
}

// answerWith keeps what a console, or whoever has sent us, is to be told of a plan.
func (a *app) answerWith(s status.Status, held *plan.Held, sight apply.Sight, policy *sources.Policy, stopped error) {
	if a.dialect == nil && a.errand == nil {
		return
	}
	desired := plan.Desired{}
	if policy != nil {
		desired, s.PolicyVersion = policy.Desired, policy.Version
	}
	s = verdict(s, differing(sight, desired), held, stopped)
	if s.State == status.InSync && sight.Plan.Differs() {
		s.State = status.Drift
	}
	a.state = &s
}

// failOns are the choices of --fail-on, the worst first.
var failOns = []string{string(plan.Error), string(plan.Review), string(plan.Warning)}

// failing are the findings that --fail-on stops at, nil for none.
func (o planOptions) failing(p plan.Plan) error {
	var bad []plan.Diagnostic
	for _, d := range p.Diagnostics {
		if d.Severity.Rank() <= plan.Severity(o.failOn).Rank() {
			bad = append(bad, d)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return &apply.DiagnosticError{Diagnostics: bad}
}

// fit reports flags that do not go together.
func (o planOptions) fit() error {
	switch {
	case o.secrets != "resolve" && o.secrets != "skip":
		return fmt.Errorf("--secrets %q: it is resolve or skip", o.secrets)
	case !slices.Contains(failOns, o.failOn):
		return fmt.Errorf("--fail-on %q: it is %s", o.failOn, either(failOns))
	case o.baseNone() && o.destroy:
		return errors.New("--base none: there is nothing that a destroy could give back")
	case o.destroy && o.rollback != "":
		return errors.New("--destroy and --rollback: give one of them")
	case o.gives() && o.out != "":
		return errors.New("--out stores what apply applies: destroy and rollback plan anew when they run")
	case o.rollback != "" && o.simulated():
		return errors.New("--rollback goes by the history of a home, which --base and --against do not have")
	}
	return nil
}

// gives reports a plan that gives back, and needs no desired state.
func (o planOptions) gives() bool { return o.destroy || o.rollback != "" }

// simulated reports whether a plan is about a home that is not there.
func (o planOptions) simulated() bool { return o.against != "" || len(o.base) > 0 }

// plan looks at the home, or at what stands in for it, and compares.
func (a *app) plan(ctx context.Context, o planOptions, policy *sources.Policy) (apply.Sight, error) {
	look, err := a.planned(o, policy)
	if err != nil {
		return apply.Sight{}, err
	}
	if o.rollback != "" {
		after, err := a.rolledBack(look.Home, o.rollbackArgs())
		if err != nil {
			return apply.Sight{}, err
		}
		look.Make = rollbackTo(after)
	}
	if o.destroy {
		look.Command = apply.Destroy
	}
	look.Compared = len(o.base) > 0
	if o.simulated() {
		if look.Simulated, err = a.starting(ctx, look, o); err != nil {
			return apply.Sight{}, err
		}
	}
	return apply.Look(ctx, look)
}

func (o planOptions) rollbackArgs() []string {
	if o.rollback == lastApply {
		return nil
	}
	return []string{o.rollback}
}

// planned is how a plan looks at which home. A policy that is nil wants nothing.
func (a *app) planned(o planOptions, policy *sources.Policy) (apply.Options, error) {
	home, err := a.planHome(o, policy)
	if err != nil {
		return apply.Options{}, err
	}
	if o.simulated() && o.codex == "auto" {
		o.codex = "off" // a reviewer's Codex is not the fleet's
	}
	i, err := o.installed()
	if err != nil {
		return apply.Options{}, err
	}
	i.partial, i.simulated = len(o.base) > 0, o.simulated()
	look := a.looking(home, policy, i)
	switch {
	case policy == nil:
	case len(o.base) > 0:
		look.Desired, look.Resolve = standIn(policy.Desired), nil
	case o.secrets == "skip", policy.SingleUse():
		look.Desired, look.Resolve = policy.Skip(), nil
	}
	return look, nil
}

// planHome is the home, or the copy of one, that a plan is about.
func (a *app) planHome(o planOptions, policy *sources.Policy) (string, error) {
	switch {
	case o.against != "":
		return codex.FindHome(o.against, "", a.env.LookupEnv, a.env.Home)
	case len(o.base) > 0 && o.home != "" && !o.gives(): // it stands in for any home, and for the machine's folder
		home, err := codex.FindHome(o.home, "", a.env.LookupEnv, a.env.Home)
		return home, cmp.Or(err, a.mayEnter(home))
	case o.gives():
		if len(o.base) > 0 {
			o.files, o.given = o.base, func() bool { return true }
		}
		at, err := a.homeWithout(o.homeOptions)
		return at.home, err
	}
	return a.findHome(o.homeOptions, policy)
}

// errChanges is the answer of plan --detailed-exitcode that is no failure.
var errChanges = errors.New("there are changes")
