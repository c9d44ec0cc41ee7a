package cli

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/sources"
)

// hold says whether a policy waits on this machine, and in which ring it is.
func (a *app) hold(policy *sources.Policy, seen time.Time) (*plan.Held, string) {
	m := a.env.Machine()
	m.Seen = seen
	d := policy.Rollout.Decide(salt(policy), m, a.env.Now())
	if !d.Held {
		return nil, d.Ring
	}
	return &plan.Held{Reason: d.Reason, Opens: d.Opens.UTC().Truncate(time.Second), Ring: d.Ring}, d.Ring
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
