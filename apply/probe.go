package apply

import (
	"context"

	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// probe asks the gateway before anything is written. What it refuses is not written.
func (r *run) probe(ctx context.Context, s Sight) error {
	if r.probed {
		return nil
	}
	answer, err := r.confirm(ctx, s.Plan, s.Rendered.Root, s.Rendered.After)
	if err != nil || answer == nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if answer.OK() || s.Plan.Desired.Confirm.OnFailure == plan.OnFailureKeep && !answer.Definite() {
		r.probed = true
		return nil
	}
	r.result.Outcome = Refused
	return &ConfirmError{Answer: *answer}
}

// confirm asks for the models as Codex would with such files; nil when the plan
// wants no confirmation.
func (r *run) confirm(ctx context.Context, p plan.Plan, root plan.Value, auth plan.Auth) (*gateway.Answer, error) {
	d := p.Desired
	if r.NoConfirm || p.ConfirmURL() == "" {
		return nil, nil
	}
	access := r.Access(root, auth)
	key, err := r.keyFor(ctx, d, access)
	if err != nil {
		return nil, err
	}
	r.Progress("asking " + plan.ModelsURL(access.BaseURL))
	answer := Confirm(ctx, r.Gateway, Confirmation{Access: access, Key: key, Wanted: d.Confirm})
	r.result.Confirm, r.result.Credential = &answer, access.Credential
	return &answer, nil
}

// keyFor is the key that stands in for what Codex would fetch at run time.
func (r *run) keyFor(ctx context.Context, d plan.Desired, access codex.Access) (plan.Secret, error) {
	if d.Secret == nil || d.Delivery == plan.DeliveryAuthJSON || access.Secret.Known() {
		return plan.Secret{}, nil
	}
	if r.resolved == nil && r.Resolve != nil {
		if _, err := r.resolve(ctx); err != nil {
			return plan.Secret{}, err
		}
	}
	if r.resolved == nil {
		return plan.Secret{}, nil
	}
	return r.resolved.Secret.Value, nil
}
