package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/sources"
)

// lookOptions are the flags of every command that stands on a look at a home.
type lookOptions struct {
	homeOptions
	installedOptions
}

func (o *lookOptions) addTo(cmd *cobra.Command) {
	o.homeOptions.addTo(cmd)
	o.addInstalledTo(cmd)
}

// looking is how every command looks at a home: what plan shows is what apply meets.
// A nil policy wants nothing.
func (a *app) looking(home string, policy *sources.Policy, i *installed) apply.Options {
	o := apply.Options{
		Home: home, UserHome: a.env.Home, Confine: a.errand != nil, Access: a.access(home),
		Tool: a.env.Build.Version, Now: a.env.Now, Progress: a.line.show, Asked: a.logAsked, Large: a.env.Large,
	}
	if a.isSystem(home) {
		o.State = codex.SystemState(a.env.OS, a.env.getenv("ProgramData"))
		s := a.startsFor(i)
		o.Writing, o.Accept = s.look, s.judge
	}
	a.reader = i
	if policy != nil {
		a.codex = i
	}
	r := &resolver{policy: policy}
	var warned []plan.Diagnostic
	if policy != nil {
		o.Desired, o.Resolve, warned = policy.Desired, r.resolve, slices.Concat(policy.Warnings, a.closedTo(home, policy.Desired))
		i.policy, _ = codex.ParseRange(policy.Codex)
	}
	o.Repair, o.Around = a.repairing(home, i), a.around(i)
	o.Check = func(ctx context.Context, s codex.Snapshot, p plan.Plan, after codex.Rendered) []plan.Diagnostic {
		return slices.Concat(a.judge(ctx, i, s, p, after), warned, r.warnings)
	}
	return o
}

// repairing adds to a policy what its rules make of the user's own keys. The installed
// Codex is asked for its version only where that may make a difference.
func (a *app) repairing(home string, i *installed) func(context.Context, plan.Desired, plan.Observed) plan.Desired {
	return func(ctx context.Context, d plan.Desired, o plan.Observed) plan.Desired {
		if len(d.Repair) == 0 {
			return d
		}
		c := codex.Checked{Desired: d, Before: o, Layers: a.otherLayers(), Profiles: codex.ReadProfiles(a.env.Fs, home)}
		repairs, open := codex.Repairs(c, i.versions())
		if open && i.askVersion(ctx) {
			repairs, _ = codex.Repairs(c, i.versions())
		}
		d.Repairs = repairs
		return d
	}
}

// around is what Codex puts around the config.toml of a home.
func (a *app) around(i *installed) func(context.Context, codex.Snapshot) codex.Around {
	return func(ctx context.Context, s codex.Snapshot) codex.Around {
		i.askVersion(ctx)
		c := codex.Around{Versions: i.versions()}
		if !s.Observed.System {
			c.Layers = a.otherLayers()
			c.Profiles = codex.Profiles(c.Versions, codex.ReadProfiles(a.env.Fs, s.Home), s.Observed.Config.Root)
		}
		return c
	}
}

// judge is what the rules and the installed Codex find. That Codex is asked only where
// something would change, or the rules find something: its version then decides.
func (a *app) judge(ctx context.Context, i *installed, s codex.Snapshot, p plan.Plan, after codex.Rendered) []plan.Diagnostic {
	if !p.Empty() {
		i.askVersion(ctx)
	}
	found := i.check(ctx, a.checked(s, p, after))
	if len(found) > 0 && i.askVersion(ctx) {
		found = i.check(ctx, a.checked(s, p, after))
	}
	return slices.Concat(found, i.loads(ctx, s, p, after))
}
