package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/sources"
)

type planOptions struct {
	lookOptions
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
change, key by key. Keys that the desired state does not name are yours: they are
counted and stay. Nothing is written in any home; where there are changes, an
installed Codex loads a copy of the new config.toml, which holds no key and is gone
when that ends. What apply would refuse, plan refuses with the same exit code.

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
	sight, err := a.plan(ctx, o, policy)
	if err != nil {
		return err
	}
	p := sight.Plan
	a.logPlan(p)
	if err = sight.Err(); err == nil && o.out != "" {
		if err := a.store(p, o.out); err != nil {
			return err
		}
	}
	a.line.clear()
	a.view.Plan(p, failure(err))
	if err == nil && o.detailed && !p.Empty() {
		err = errChanges
	}
	return said(err)
}

// plan looks at the home, or at what stands in for it, and compares.
func (a *app) plan(ctx context.Context, o planOptions, policy *sources.Policy) (apply.Sight, error) {
	if o.against != "" {
		o.home = o.against
	}
	home, err := a.findHome(o.homeOptions, policy)
	if err != nil {
		return apply.Sight{}, err
	}
	if o.simulated() && (o.codex == "auto") {
		o.codex = "off" // a reviewer's Codex is not the fleet's
	}
	i, err := o.installed()
	if err != nil {
		return apply.Sight{}, err
	}
	look := a.looking(home, policy, i)
	switch {
	case len(o.base) > 0:
		look.Desired, look.Resolve = standIn(policy.Desired), nil
	case o.secrets == "skip", policy.SingleUse():
		look.Desired, look.Resolve = policy.Skip(), nil
	}
	if o.simulated() {
		if look.Simulated, err = a.starting(home, o); err != nil {
			return apply.Sight{}, err
		}
	}
	return apply.Look(ctx, look)
}

// simulated reports whether a plan is about a home that is not there.
func (o planOptions) simulated() bool { return o.against != "" || len(o.base) > 0 }

// errChanges is the answer of plan --detailed-exitcode that is no failure.
var errChanges = errors.New("there are changes")
