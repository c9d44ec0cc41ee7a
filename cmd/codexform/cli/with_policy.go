package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/sources"
)

// defaultFile is the desired state of a command that is not given one.
const defaultFile = "codex.yaml"

// policyOptions are the flags of every command that reads a desired state.
type policyOptions struct {
	files []string
	given func() bool // somebody named them
}

func (o *policyOptions) addTo(cmd *cobra.Command) {
	cmd.Flags().StringArrayVarP(&o.files, "file", "f", []string{defaultFile},
		"the desired state: a YAML file, a folder, or - for stdin; later ones win")
	must(cmd.MarkFlagFilename("file", "yaml", "yml"))
	o.given = func() bool { return cmd.Flags().Changed("file") }
}

// homeOptions are the flags of every command that looks at a Codex home.
type homeOptions struct {
	policyOptions
	home string
}

func (o *homeOptions) addTo(cmd *cobra.Command) {
	o.policyOptions.addTo(cmd)
	cmd.Flags().Var((*folder)(&o.home), "codex-home", "the Codex home (default: codex_home in the YAML, $CODEX_HOME, ~/.codex)")
	must(cmd.MarkFlagDirname("codex-home"))
}

// folder is a flag that may be left out, and not empty: a script whose variable is not
// set means some home, and never the one of whoever runs it.
type folder string

func (f *folder) String() string { return string(*f) }
func (f *folder) Type() string   { return "string" }

func (f *folder) Set(text string) error {
	if text == "" {
		return errors.New("it is empty: is the variable set that it comes from?")
	}
	*f = folder(text)
	return nil
}

func (a *app) load(o policyOptions) (*sources.Policy, error) {
	return a.loadIn(a.env.World, o)
}

// loadForReview loads a policy whose placeholders show as they are written.
func (a *app) loadForReview(o policyOptions) (*sources.Policy, error) {
	w := a.env.World
	w.AsWritten = true
	return a.loadIn(w, o)
}

// loadTrusted loads a policy for a command that does what it says: one that others may
// write is refused.
func (a *app) loadTrusted(o policyOptions) (*sources.Policy, error) {
	p, err := a.load(o)
	if err != nil {
		return nil, err
	}
	if err := p.Trusted(); err != nil {
		return nil, &usageError{err}
	}
	return p, nil
}

func (a *app) loadIn(w sources.World, o policyOptions) (*sources.Policy, error) {
	p, err := sources.Load(a.errand.world(w), o.files)
	if err != nil {
		return nil, err
	}
	a.shown.add(p.Written)
	if _, err := codex.ParseRange(p.Codex); err != nil && p.Codex != "" {
		return nil, &usageError{fmt.Errorf("codex: %w", err)}
	}
	return p, nil
}

// findHome is the Codex home that a command is about.
func (a *app) findHome(o homeOptions, p *sources.Policy) (string, error) {
	var policy string
	if p != nil {
		policy = p.CodexHome
	}
	if home, err := a.systemOr(p, o.home); home != "" || err != nil {
		return home, err
	}
	home, err := codex.FindHome(o.home, policy, a.env.LookupEnv, a.env.Home)
	if err != nil {
		return "", &usageError{err}
	}
	return home, a.mayEnter(home)
}

// mayEnter is asked before anything in a home is looked at. Root does not look into one
// of another account, whose owner can lead it anywhere.
func (a *app) mayEnter(home string) error {
	if a.errand != nil {
		return a.errand.met(a.env.Fs, home)
	}
	state := ""
	if a.isSystem(home) {
		state = a.stateOf(home)
	}
	return commit.OtherAccount(home, state)
}

// release gives back what a policy obtained on the way to its secret. The answer
// is there already, so it gets little time and no say in the exit code.
func (a *app) release(ctx context.Context, p *sources.Policy) {
	if err := p.Close(ctx); err != nil {
		a.log.Warn("a login was not given back; it ends by itself", "error", ui.Visible(err.Error()))
	}
}

// resolver asks a policy's source at most once and keeps what it warns of.
type resolver struct {
	policy   *sources.Policy
	warnings []plan.Diagnostic
}

func (r *resolver) resolve(ctx context.Context) (plan.Desired, error) {
	d, warnings, err := r.policy.Resolve(ctx)
	r.warnings = nil
	for _, w := range warnings {
		r.warnings = append(r.warnings, plan.Diagnostic{
			Severity: plan.Warning, Rule: "secret-warning", Summary: w, Origin: d.Secret.Origin,
		})
	}
	return d, stopped(ctx, err)
}

// missingDefault reports whether a policy could not be loaded because nobody named
// a file and there is none.
func (a *app) missingDefault(o policyOptions) bool {
	if o.given() || a.errand != nil {
		return !o.given()
	}
	_, err := a.env.Fs.Stat(defaultFile)
	return errors.Is(err, fs.ErrNotExist)
}
