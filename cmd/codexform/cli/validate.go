package cli

import (
	"github.com/spf13/cobra"

	"github.com/codexform/codexform/plan"
)

func newValidateCommand(a *app) *cobra.Command {
	var o policyOptions
	cmd := &cobra.Command{
		Use:   "validate",
		Short: "Check the desired state alone, offline",
		Long: `Read the desired state and report every problem in it with its place. Neither
the Codex home nor the secret is looked at.

` + exitHelp(exitDone, exitUsage),
		Example: `  codexform validate
  codexform validate -f base.yaml -f team.yaml`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(*cobra.Command, []string) error { return runValidate(a, o) },
	}
	o.addTo(cmd)
	return cmd
}

func runValidate(a *app, o policyOptions) error {
	policy, err := a.load(o)
	if err != nil {
		a.view.Valid(plan.Desired{}, failure(err))
		return said(err)
	}
	for _, w := range policy.Warnings {
		a.warn(w.Origin.String() + ": " + w.Rule + ": " + w.Summary + "; " + w.Fix)
	}
	a.view.Valid(policy.Desired, nil)
	return nil
}
