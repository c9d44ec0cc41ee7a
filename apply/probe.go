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
	answer, err := r.confirm(ctx, s, r.accessAfter(s.Rendered))
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
func (r *run) confirm(ctx context.Context, s Sight, a codex.Access) (*gateway.Answer, error) {
	d := s.Plan.Desired
	if r.NoConfirm || s.Plan.ConfirmURL() == "" {
		return nil, nil
	}
	permit, err := r.permitted(ctx, d, s.Snapshot.Observed.Ledger, a)
	if err != nil {
		return nil, err
	}
	r.Progress("asking " + permit.Access().ModelsURL())
	answer := Confirm(ctx, r.Gateway, permit, d.Confirm)
	r.result.Confirm, r.result.Credential = &answer, permit.Access().Credential
	if r.Asked != nil {
		r.Asked(answer, r.result.Credential)
	}
	return &answer, nil
}

// permitted asks whether the gateway may be asked. The secret is looked up where it
// makes the difference.
func (r *run) permitted(ctx context.Context, d plan.Desired, l plan.Ledger, a codex.Access) (codex.Permit, error) {
	if r.resolved != nil {
		d.Secret = r.resolved.Secret
	}
	permit := codex.MaySend(d, l, a)
	if !permit.Pending() || r.resolved != nil || r.Resolve == nil {
		return permit, nil
	}
	full, err := r.resolve(ctx)
	if err != nil {
		return codex.Permit{}, err
	}
	return codex.MaySend(full, l, a), nil
}
