package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/sources"
)

func newConfirmCommand(a *app) *cobra.Command {
	var o homeOptions
	cmd := &cobra.Command{
		Use:   "confirm",
		Short: "Ask the gateway for its models as Codex would",
		Long: `Work out from what is on disk now which URL and which credential Codex would use,
ask that gateway for its models with them, and say what it answered. Nothing is
written. Without a desired state the models of config.toml must be listed.

` + exitHelpWith(map[int]string{exitNotConfirmed: "not confirmed"}, exitDone, exitFailed, exitUsage, exitSecret, exitNotConfirmed),
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.missingDefault(o.policyOptions) {
				o.files = nil
			}
			return runConfirm(cmd.Context(), a, o)
		},
	}
	o.addTo(cmd)
	return cmd
}

func runConfirm(ctx context.Context, a *app, o homeOptions) error {
	var policy *sources.Policy
	var err error
	if len(o.files) > 0 {
		if policy, err = a.loadTrusted(o.policyOptions); err != nil {
			return err
		}
		defer a.release(ctx, policy)
	}
	home, err := a.findHome(o, policy)
	if err != nil {
		return err
	}
	snapshot, err := a.readIn(home, a.isSystem(home))
	if err != nil {
		return err
	}
	wanted := plan.Confirm{Models: codex.NamedModels(snapshot.Observed.Config.Root)}
	if policy != nil && policy.Desired.Provider != nil {
		wanted = policy.Desired.Confirm
	}
	access := a.access(home)(codex.Pinned(snapshot.Observed.Config.Root, snapshot.Observed.Pins.Root), snapshot.Observed.Auth)
	permit, err := permitted(ctx, policy, snapshot.Observed.Ledger, access)
	if err != nil {
		return err
	}
	done := a.progress("asking " + access.ModelsURL())
	answer := apply.Confirm(ctx, a.gateway(home), permit, wanted)
	done()
	if err = ctx.Err(); err == nil && !answer.OK() {
		err = &apply.ConfirmError{Answer: answer, Kept: true}
	}
	a.view.Confirm(ui.Confirmation{Home: home, Answer: answer, Credential: permit.Access().Credential}, failure(err))
	return said(err)
}

// permitted asks whether the gateway may be asked. The secret of the policy is looked
// up where it makes the difference, but not where it opens once only.
func permitted(ctx context.Context, policy *sources.Policy, l plan.Ledger, access codex.Access) (codex.Permit, error) {
	if policy == nil {
		return codex.MaySend(plan.Desired{}, l, access), nil
	}
	permit := codex.MaySend(policy.Desired, l, access)
	if !permit.Pending() || policy.SingleUse() {
		return permit, nil
	}
	d, _, err := policy.Resolve(ctx)
	if err != nil {
		return codex.Permit{}, stopped(ctx, err)
	}
	return codex.MaySend(d, l, access), nil
}

// gateway is the client that asks gateways for their models, by the proxies and the
// authorities of a Codex with that home: its .env counts for them too.
func (a *app) gateway(home string) *gateway.Client {
	return &gateway.Client{Getenv: a.codexEnv(home).Lookup, UserAgent: "codexform/" + a.env.Build.Version, Now: a.env.Now}
}
