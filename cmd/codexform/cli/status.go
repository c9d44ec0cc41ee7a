package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/status"
	"github.com/codexform/codexform/sources"
)

type statusOptions struct {
	homeOptions
	versionOptions
	confirm bool
	record  bool
}

func newStatusCommand(a *app) *cobra.Command {
	var o statusOptions
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Say in one word whether the Codex home is as the policy wants it",
		Long: `Compare as plan does, and say one word: in_sync, drift, held (the policy is not for
this machine yet) or error:CODE. Nothing is asked and no secret is needed: of the
key, its fingerprint in the ledger is compared. Each code has a page below
docs/reference/errors. Behind the word stand the policy's version (policy=17) and
how many keys are not as it wants them (changes=3).

` + exitHelpWith(map[int]string{exitChanges: "drift", exitFailed: "an error of the files or of this machine", exitNotConfirmed: "with --confirm: the gateway said no, or was not asked"},
			exitDone, exitFailed, exitChanges, exitUsage, exitSecret, exitNotConfirmed),
		Example: `  codexform status
  codexform status --format json --record
  codexform status --contract jamf-ea`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return runStatus(cmd.Context(), a, o) },
	}
	o.homeOptions.addTo(cmd)
	o.addVersionTo(cmd)
	a.contracts.addTo(cmd)
	cmd.Flags().BoolVar(&o.confirm, "confirm", false, "ask the gateway too, with what is on disk")
	cmd.Flags().BoolVar(&o.record, "record", false, "write status.json, for those who collect it")
	return cmd
}

func runStatus(ctx context.Context, a *app, o statusOptions) error {
	s, err := a.status(ctx, o)
	if exitCode(err) == exitInterrupted {
		return err // which says nothing of the home
	}
	if err != nil {
		s = broken(s, err)
	}
	s.Codex = a.seenCodex(s.Codex)
	if o.record && s.Home != "" {
		if err := a.keepStatus(s, s.Home, true); err != nil {
			a.view.Warn("status.json was not written: " + err.Error()) // --record asked for it
		}
	}
	a.state = &s
	a.sayStatus(s, err)
	switch {
	case err != nil:
		return said(err)
	case s.State == status.Drift:
		return said(errChanges)
	}
	return nil
}

// sayStatus prints the answer; under a contract that is the contract's to say.
func (a *app) sayStatus(s status.Status, err error) {
	switch {
	case a.dialect == nil:
		a.view.Status([]status.Status{s}, failure(err))
	case err != nil:
		a.view.Fail(failure(err))
	}
}

// status looks at a home without asking anybody, and with --confirm asks the gateway.
func (a *app) status(ctx context.Context, o statusOptions) (status.Status, error) {
	s := a.unknown()
	load := a.load
	if o.confirm {
		load = a.loadTrusted
	}
	policy, err := load(o.policyOptions)
	if err != nil {
		return s, err
	}
	defer func() { a.release(ctx, policy) }()
	a.remembers = o.record
	policy, err = a.spread(ctx, policy, func() (*sources.Policy, error) { return load(o.policyOptions) })
	if err != nil {
		return s, err
	}
	home, err := a.findHome(o.homeOptions, policy)
	if err != nil {
		return s, err
	}
	s, held, err := a.standing(policy, home)
	if err != nil {
		return s, err
	}
	i, err := (installedOptions{versionOptions: o.versionOptions, codex: "off"}).installed()
	if err != nil {
		return s, err
	}
	look := a.looking(home, policy, i)
	look.Desired, look.Resolve = policy.Skip(), nil
	if reader, err := (installedOptions{versionOptions: o.versionOptions, codex: "auto"}).installed(); err == nil {
		look.Repair = a.repairing(home, reader) // as apply does
	}
	sight, err := apply.Look(ctx, look)
	if err != nil {
		return s, err
	}
	s = verdict(s, differing(sight, policy.Desired), held, sight.Err())
	switch {
	case s.State == status.Failed:
		return s, sight.Err()
	case s.State != status.Held && o.confirm:
		return s, a.askGateway(ctx, policy, sight)
	}
	return s, nil
}

// verdict is what a look at a home comes to: what would change, whether that waits, and
// what would stop it. What waits is not tried, so nothing stops it.
func verdict(s status.Status, changes []string, held *plan.Held, err error) status.Status {
	if s.Changes = changes; len(changes) > 0 {
		s.State = status.Drift
	}
	switch {
	case held != nil && s.State == status.Drift:
		return holding(s, held)
	case err != nil:
		return broken(s, err)
	}
	return s
}

// askGateway asks the gateway about what is on disk, where it may be asked.
func (a *app) askGateway(ctx context.Context, policy *sources.Policy, s apply.Sight) error {
	if policy.Desired.Provider == nil {
		return nil
	}
	seen := s.Snapshot.Observed
	permit, err := permitted(ctx, policy, seen.Ledger, a.access(seen.Home)(codex.Pinned(seen.Config.Root, seen.Pins.Root), seen.Auth))
	if err != nil {
		return err
	}
	answer := apply.Confirm(ctx, a.gateway(seen.Home), permit, policy.Desired.Confirm)
	if err := ctx.Err(); err != nil {
		return err
	}
	if !answer.OK() {
		return &apply.ConfirmError{Answer: answer, Kept: true}
	}
	return nil
}

// unknown is the status of nothing in particular.
func (a *app) unknown() status.Status {
	return status.Status{
		FormatVersion: status.FormatVersion, State: status.InSync, Changes: []string{},
		Tool: a.env.Build.Version, LastRun: a.env.Now().UTC().Truncate(time.Second),
	}
}

// differing are the places that an apply would change. Of a secret that was not looked
// up, its fingerprint tells.
func differing(s apply.Sight, d plan.Desired) []string {
	out := []string{}
	for _, f := range s.Plan.Files {
		found := false
		for _, c := range f.Changes {
			unproved := c.Sensitive && c.Unknown && !s.Snapshot.Observed.KeyAsApplied(d)
			if c.Edits() || unproved {
				out, found = append(out, c.Address.String()), true
			}
		}
		if f.Changed() && !found {
			out = append(out, f.Path)
		}
	}
	return out
}

// holding is a status that waits.
func holding(s status.Status, h *plan.Held) status.Status {
	s.State, s.Ring, s.Reason, s.Opens = status.Held, h.Ring, h.Reason, h.Opens
	return s
}
