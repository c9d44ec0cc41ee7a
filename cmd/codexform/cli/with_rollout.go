package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/sources"
)

// hold says whether a policy waits on this machine, and in which ring it is.
func (a *app) hold(policy *sources.Policy, seen time.Time, fresh bool) (*plan.Held, string) {
	m := a.env.Machine()
	if m.Seen, m.New = seen, fresh; seen.IsZero() {
		m.Seen = a.env.Now().Add(-longAgo)
	}
	d := policy.Rollout.Decide(salt(policy), m, a.env.Now())
	if !d.Held {
		return nil, d.Ring
	}
	return &plan.Held{Reason: d.Reason, Opens: d.Opens.UTC().Truncate(time.Second), Ring: d.Ring}, d.Ring
}

// spread waits for this machine's place in --splay. Where a console or somebody else runs
// the command nobody must wait: there the machine is held until then, as if the policy
// had said so. It gives the policy as it is behind the wait.
func (a *app) spread(ctx context.Context, p *sources.Policy, again func() (*sources.Policy, error)) (*sources.Policy, error) {
	if a.contracts.splay == "" {
		return p, nil
	}
	splay, err := sources.ParseSplay(a.contracts.splay)
	if err != nil {
		return p, &usageError{fmt.Errorf("--splay %q: it is a duration such as 30m, a day at most", a.contracts.splay)}
	}
	if a.dialect != nil || a.errand != nil {
		p.Rollout = p.Rollout.Spread(splay)
		return p, nil
	}
	wait := a.env.Machine().Wait(salt(p), splay)
	a.log.Info("waiting for this machine's place in the splay", "wait", wait, "splay", splay)
	a.line.show("waiting until " + a.env.Now().Add(wait).Format(time.TimeOnly) + ": this machine's place in the splay")
	select {
	case <-ctx.Done():
		return p, ctx.Err()
	case <-time.After(wait):
	}
	if slices.Contains(p.Desired.Files, "-") {
		return p, nil // it can be read once
	}
	next, err := again()
	if err != nil {
		return p, err
	}
	return next, nil
}

// salt tells one policy from the next: by its version, or by what it means.
func salt(p *sources.Policy) string {
	if p.Version > 0 {
		return strconv.FormatInt(p.Version, 10)
	}
	return cmp.Or(p.Desired.Digest, "policy")
}

// clockSlack is how far two clocks of one machine may part, as between two systems
// that it starts in turn.
const clockSlack = 10 * time.Minute

// clock refuses to judge times by a clock that is behind this program, or behind the
// last run.
func (a *app) clock(lastRun time.Time) error {
	now := a.env.Now()
	for _, past := range []struct {
		at   time.Time
		what string
	}{{a.env.Build.Time, "this codexform was built"}, {lastRun, "the last run of this machine"}} {
		if !past.at.IsZero() && now.Add(clockSlack).Before(past.at) {
			return &clockError{fmt.Sprintf("the clock says %s, which is before %s (%s): a rollout cannot be judged by it",
				now.UTC().Format(time.RFC3339), past.what, past.at.UTC().Format(time.RFC3339))}
		}
	}
	return nil
}

func olderPolicy(got, applied int64) error {
	return fmt.Errorf("policy_version %d is older than %d, which was applied last: to go back, give the old content a higher number", got, applied)
}
