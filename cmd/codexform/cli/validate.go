package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/sources"
)

func newValidateCommand(a *app) *cobra.Command {
	var o policyOptions
	cmd := &cobra.Command{
		Use:   "validate",
		Short: "Check the desired state alone, offline",
		Long: `Read the desired state and report every problem in it with its place: what is
wrong in the YAML, and what the rules find that is wrong in any Codex home. Neither
the Codex home nor the secret is looked at; what a table lacks may be in the home,
and is a warning.

` + exitHelp(exitDone, exitUsage),
		Example: `  codexform validate
  codexform validate -f base.yaml -f team.yaml`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return runValidate(cmd.Context(), a, o) },
	}
	o.addTo(cmd)
	return cmd
}

func runValidate(ctx context.Context, a *app, o policyOptions) error {
	policy, err := a.load(o)
	if exitCode(err) == exitInterrupted {
		return err // which says nothing of the policy
	}
	if err != nil {
		a.view.Valid(plan.Desired{}, nil, failure(err))
		return said(err)
	}
	found, err := a.anywhere(ctx, policy)
	if bad := ofSeverity(found, plan.Error); err == nil && len(bad) > 0 {
		err = policy.Refused(bad)
	}
	a.view.Valid(policy.Desired, slices.Concat(policy.Warnings, ofSeverity(found, plan.Warning)), failure(err))
	return said(err)
}

func ofSeverity(found []plan.Diagnostic, s plan.Severity) []plan.Diagnostic {
	return slices.DeleteFunc(slices.Clone(found), func(d plan.Diagnostic) bool { return d.Severity != s })
}

// anywhere is what the rules find about a policy in a home of which nothing is known.
func (a *app) anywhere(ctx context.Context, policy *sources.Policy) ([]plan.Diagnostic, error) {
	s, err := codex.Decode("", codex.File{}, codex.File{}, nil)
	if err != nil {
		return nil, err
	}
	p := plan.Make(policy.Skip(), s.Observed)
	after, err := s.Render(p, a.env.Now())
	if err != nil {
		return nil, err
	}
	i := installed{partial: true}
	i.policy, _ = codex.ParseRange(policy.Codex)
	return i.check(ctx, codex.Checked{
		Desired: p.Desired, Changes: p.File(plan.ConfigFile).Changes, Before: s.Observed, Root: after.Root, Auth: after.After,
		Place: s.Place,
	}), nil
}
