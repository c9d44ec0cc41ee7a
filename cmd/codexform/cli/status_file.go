package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/status"
	"github.com/codexform/codexform/sources"
)

// staleStatus is how old a status.json may get on a machine where nothing happens.
const staleStatus = time.Hour

// keepStatus writes status.json where its words have changed, or where it is older than an
// hour: a machine on which nothing happens writes nothing.
func (a *app) keepStatus(s status.Status, home string, create bool) error {
	where := a.looking(home, nil, &installed{})
	s.Home = a.shown.text(s.Home)
	last := apply.LastStatus(where)
	if s.State == status.InSync || s.State == status.None {
		s.LastSuccess = s.LastRun
	} else if s.LastSuccess.IsZero() {
		s.LastSuccess = last.LastSuccess
	}
	if sameWords(last, s) && s.LastRun.Sub(last.LastRun) < staleStatus && !s.LastRun.Before(last.LastRun) {
		return nil
	}
	return apply.RememberStatus(where, s, create)
}

// sameWords reports whether two statuses say the same, but for when.
func sameWords(a, b status.Status) bool {
	for _, s := range []*status.Status{&a, &b} {
		s.LastRun, s.LastSuccess = time.Time{}, time.Time{}
	}
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return bytes.Equal(x, y)
}

// ended keeps what an apply, a rollback or a destroy came to. Nobody waits for it, and
// no exit code depends on it.
func (a *app) ended(policy *sources.Policy, home, command string, r apply.Result, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	s, _, standingErr := a.standing(policy, home)
	if err == nil {
		err = standingErr
	}
	s.Codex = a.seenCodex(s.Codex)
	switch {
	case err != nil:
		s = broken(s, err)
	case r.Outcome == apply.Held && r.Plan.Held != nil:
		s = holding(s, r.Plan.Held)
	case command == "destroy":
		s.State, s.Applied, s.FirstSeen = status.None, 0, time.Time{}
	case command == "rollback":
		s.State = status.Drift
	default:
		s.Applied = max(s.Applied, s.PolicyVersion)
		s.SecretVersion = secretVersion(r.Plan)
	}
	a.state = &s
	if err := a.keepStatus(s, home, a.worthAHome(policy, s)); err != nil {
		a.log.Warn("status.json was not written", "error", err)
	}
}

// worthAHome reports whether a status is kept where there is no state folder yet: of a
// machine that waits, and of one of a fleet whose first run failed, but not where the
// place itself is what is wrong.
func (a *app) worthAHome(policy *sources.Policy, s status.Status) bool {
	switch {
	case s.State == status.Held:
		return true
	case s.State != status.Failed || policy == nil || !a.needsStanding(policy):
		return false
	}
	return !slices.Contains([]status.Code{status.Refusal, status.Permission, status.Disk, status.Damaged, status.Undo, status.Lock, status.Bug}, s.Code)
}

// secretVersion is the version of the key that an apply has left in place.
func secretVersion(p plan.Plan) string {
	for _, c := range p.File(plan.AuthFile).Changes {
		if c.Sensitive {
			return c.AfterVersion
		}
	}
	return ""
}

// needsStanding reports whether it matters what a policy is on this machine: where it
// has a version or a rollout, or where a console wants to hear of it.
func (a *app) needsStanding(policy *sources.Policy) bool {
	return policy.Version > 0 || policy.Rollout.Mode != "" || a.dialect != nil || a.errand != nil
}

// standing is what is known of a policy on this machine before its home is looked at:
// its version, when it was first met, and whether it is held. A policy older than the
// one applied last, and a clock that cannot be right, are errors.
func (a *app) standing(policy *sources.Policy, home string) (status.Status, *plan.Held, error) {
	s := a.unknown()
	s.Home = home
	if policy == nil {
		return s, nil, nil
	}
	s.PolicyVersion, s.PolicyDigest = policy.Version, policy.Desired.Digest
	last := apply.LastStatus(a.looking(home, nil, &installed{}))
	s.Applied, s.LastSuccess, s.SecretVersion, s.Codex = last.Applied, last.LastSuccess, last.SecretVersion, last.Codex
	s.FirstSeen, s.Destroyed = a.met(policy, last), last.State == status.None
	if policy.Version > 0 && policy.Version < last.Applied {
		return s, nil, &usageError{olderPolicy(policy.Version, last.Applied)}
	}
	if policy.Rollout.Mode == "" {
		return s, nil, nil
	}
	if err := a.clock(last.LastRun); err != nil {
		return s, nil, err
	}
	held, ring := a.hold(policy, s.FirstSeen, a.fresh(home, last))
	s.Ring = ring
	return s, held, nil
}

// met is when this machine first met a policy: as status.json remembers it, else when
// the policy was put on this machine, else now. A command that remembers nothing must not
// say now, because it would say so for ever: it gives the zero time, for long ago.
func (a *app) met(policy *sources.Policy, last status.Status) time.Time {
	now := a.env.Now().UTC().Truncate(time.Second)
	same := last.PolicyVersion == policy.Version && (policy.Version != 0 || last.PolicyDigest == policy.Desired.Digest)
	if same && !last.FirstSeen.IsZero() {
		return last.FirstSeen
	}
	var delivered time.Time
	for _, name := range policy.Desired.Files {
		if info, err := a.env.Fs.Stat(name); err == nil && info.ModTime().After(delivered) {
			delivered = info.ModTime().UTC().Truncate(time.Second)
		}
	}
	switch {
	case delivered.After(now.Add(-longAgo)) && !delivered.After(now):
		return delivered
	case a.remembers:
		return now
	}
	return time.Time{}
}

// longAgo is further back than the widest splay reaches.
const longAgo = 24 * time.Hour

// fresh reports whether a home has no policy yet.
func (a *app) fresh(home string, last status.Status) bool {
	if last.State != "" {
		return last.State == status.None || last.LastSuccess.IsZero()
	}
	_, err := a.env.Fs.Stat(filepath.Join(home, codex.StateDir, "ledger.json"))
	return errors.Is(err, fs.ErrNotExist)
}
