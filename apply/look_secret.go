package apply

import (
	"context"
	"errors"

	"github.com/codexform/codexform/plan"
)

// desired is the desired state, with its secret where the plan needs it. One that
// cannot be had stops no plan, only an apply.
func (l *looker) desired(ctx context.Context, s *Sight) (plan.Desired, error) {
	if l.resolved != nil {
		return *l.resolved, nil
	}
	if l.Resolve == nil || !plan.NeedsSecret(l.Desired, s.Snapshot.Observed) {
		return l.Desired, nil
	}
	d, err := l.resolve(ctx)
	if err == nil || ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return d, err
	}
	s.Secret = err
	return l.Desired.WithoutSecret(err.Error()), nil
}

func (l *looker) resolve(ctx context.Context) (plan.Desired, error) {
	l.Progress("getting the secret")
	d, err := l.Resolve(ctx)
	if err != nil {
		return plan.Desired{}, err
	}
	l.resolved = &d
	return d, nil
}

// spent reports whether the secret could not be had because what opens once was opened
// before, while the key that was applied is in place. That stops nobody who has nothing
// to do.
func (s Sight) spent(d plan.Desired) bool {
	var e interface{ Spent() bool }
	return errors.As(s.Secret, &e) && e.Spent() && s.Snapshot.Observed.KeyAsApplied(d)
}
