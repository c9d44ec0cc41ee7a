package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/sources"
)

type planOptions struct {
	homeOptions
	versionOptions
	detailed bool
	secrets  string
	out      string
	against  string
	base     []string
}

func newPlanCommand(a *app) *cobra.Command {
	var o planOptions
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what apply would change",
		Long: `Compare the desired state with config.toml and auth.json and print what would
change, key by key. Nothing is written, not even a temporary file. Keys that the
desired state does not name are yours: they are counted and stay.

  + create    ~ update    - delete    · released: changed by someone, left alone

` + exitHelp(exitDone, exitFailed, exitChanges, exitUsage, exitSecret),
		Example: `  codexform plan
  codexform plan -f team.yaml --detailed-exitcode
  codexform plan --secrets skip --format markdown`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return runPlan(cmd.Context(), a, o) },
	}
	o.addTo(cmd)
	o.addVersionTo(cmd)
	cmd.Flags().BoolVar(&o.detailed, "detailed-exitcode", false, "exit with 2 when there are changes")
	cmd.Flags().StringVar(&o.secrets, "secrets", "resolve", "resolve: get the secret; skip: plan without it")
	complete(cmd, "secrets", "resolve", "skip")
	cmd.Flags().StringVar(&o.out, "out", "", "store the plan in this file, for show and apply")
	cmd.Flags().StringVar(&o.against, "against", "", "compare with the copies of config.toml and auth.json in this folder")
	cmd.Flags().StringArrayVar(&o.base, "base", nil, "plan from the state that this desired state would make: what a change of the YAML changes")
	must(cmd.MarkFlagDirname("against"))
	must(cmd.MarkFlagFilename("base", "yaml", "yml"))
	return cmd
}

func runPlan(ctx context.Context, a *app, o planOptions) error {
	if o.secrets != "resolve" && o.secrets != "skip" {
		return &usageError{fmt.Errorf("--secrets %q: it is resolve or skip", o.secrets)}
	}
	policy, err := a.load(o.policyOptions)
	if err != nil {
		return err
	}
	defer a.release(policy)
	p, err := a.plan(ctx, o, policy)
	if err != nil {
		return err
	}
	a.logPlan(p)
	if bad := p.Errors(); len(bad) > 0 {
		err = &apply.DiagnosticError{Diagnostics: bad}
	}
	if err == nil && o.out != "" {
		if err := a.store(p, o.out); err != nil {
			return err
		}
	}
	a.view.Plan(p, failure(err))
	if err == nil && o.detailed && !p.Empty() {
		err = errChanges
	}
	return said(err)
}

// plan reads the home and compares.
func (a *app) plan(ctx context.Context, o planOptions, policy *sources.Policy) (plan.Plan, error) {
	if o.against != "" {
		o.home = o.against
	}
	home, err := a.findHome(o.homeOptions, policy)
	if err != nil {
		return plan.Plan{}, err
	}
	snapshot, err := a.starting(home, o)
	if err != nil {
		return plan.Plan{}, err
	}
	r := &resolver{policy: policy}
	desired, err := a.desired(ctx, o, r, snapshot.Observed)
	if err != nil {
		return plan.Plan{}, err
	}
	p := plan.Make(desired, snapshot.Observed)
	rendered, err := snapshot.Render(p, a.env.Now())
	if err != nil {
		return plan.Plan{}, err
	}
	version, err := o.codexVersion()
	if err != nil {
		return plan.Plan{}, err
	}
	p.Diagnostics = append(codex.Check(a.checked(snapshot, p, rendered, version)), r.warnings...)
	if o.against == "" {
		stand(home, &p)
	}
	return p, nil
}

// desired is the desired state, with its secret where the plan needs it.
func (a *app) desired(ctx context.Context, o planOptions, r *resolver, seen plan.Observed) (plan.Desired, error) {
	switch {
	case len(o.base) > 0:
		return standIn(r.policy.Desired), nil
	case o.secrets == "skip", r.policy.SingleUse():
		return r.policy.Skip(), nil
	case !plan.NeedsSecret(r.policy.Desired, seen):
		return r.policy.Desired, nil
	}
	defer a.progress("getting the secret")()
	return r.resolve(ctx)
}

// errChanges is the answer of plan --detailed-exitcode that is no failure.
var errChanges = errors.New("there are changes")
