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

` + exitHelp(exitDone, exitFailed, exitUsage, exitSecret, exitNotConfirmed),
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if missingDefault(cmd, a.env.Fs) {
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
		if policy, err = a.load(o.policyOptions); err != nil {
			return err
		}
		defer a.release(policy)
	}
	home, err := a.findHome(o, policy)
	if err != nil {
		return err
	}
	snapshot, err := codex.Read(a.env.Fs, home)
	if err != nil {
		return err
	}
	c := apply.Confirmation{Access: a.access(home)(snapshot.Observed.Config.Root, snapshot.Observed.Auth)}
	if c.Wanted, c.Key, err = wanted(ctx, policy, snapshot.Observed, c.Access); err != nil {
		return err
	}
	done := a.progress("asking " + plan.ModelsURL(c.Access.BaseURL))
	answer := apply.Confirm(ctx, a.gateway(), c)
	done()
	if err = ctx.Err(); err == nil && !answer.OK() {
		err = &apply.ConfirmError{Answer: answer, Kept: true}
	}
	a.view.Confirm(ui.Confirmation{Answer: answer, Credential: c.Access.Credential}, failure(err))
	return said(err)
}

// wanted is what the gateway must list, and the key for what Codex would fetch by
// itself at run time.
func wanted(ctx context.Context, policy *sources.Policy, o plan.Observed, access codex.Access) (plan.Confirm, plan.Secret, error) {
	if policy == nil {
		return plan.Confirm{Models: modelsOf(o.Config.Root)}, plan.Secret{}, nil
	}
	d := policy.Desired
	// What opens once is not spent on a question.
	if access.Secret.Known() || d.Secret == nil || d.Delivery == plan.DeliveryAuthJSON || policy.SingleUse() {
		return d.Confirm, plan.Secret{}, nil
	}
	d, _, err := policy.Resolve(ctx)
	if err != nil {
		return plan.Confirm{}, plan.Secret{}, stopped(ctx, err)
	}
	return d.Confirm, d.Secret.Value, nil
}

// modelsOf are the models that a config.toml names, each once.
func modelsOf(root plan.Value) []string {
	var out []string
	for _, key := range []string{"model", "review_model"} {
		if m := root.Get(key).Text(); m != "" && (len(out) == 0 || out[0] != m) {
			out = append(out, m)
		}
	}
	return out
}

// gateway is the client that asks gateways for their models.
func (a *app) gateway() *gateway.Client {
	return &gateway.Client{Getenv: a.env.LookupEnv, UserAgent: "codexform/" + a.env.Build.Version, Now: a.env.Now}
}
