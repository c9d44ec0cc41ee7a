package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// codexState is what is known of Codex, and of what it would make of the home.
type codexState struct {
	version codex.Version // of the installed one, zero where it does not say
	asked   *codex.Asked  // nil when no Codex answered

	todo    plan.Plan      // empty without a desired state
	after   codex.Rendered // both files once the plan is carried out
	rewired bool           // the plan changes how Codex reaches its provider
	waiting bool           // the plan changes something
}

// askCodex asks the installed Codex what it makes of config.toml and the files beside
// it.
func (e *exam) askCodex(ctx context.Context) outcome {
	beside := ""
	for _, l := range e.Layers() {
		beside += ", with " + l.Path
	}
	b := e.Binary
	if b == nil {
		return skip("none is on the PATH, or none was wanted" + beside)
	}
	e.version = e.CodexVersion(ctx)
	if e.version.IsZero() {
		e.Binary = nil
		e.find(ui.Finding{
			Severity: plan.Warning, ID: "codex-version", Summary: "the installed Codex does not say its version",
			Evidence: b.Path, Fix: "see whether `codex --version` works, or name another with --codex",
		})
		return saw(b.Path)
	}
	e.checkCopies(ctx, b.Path)
	e.checkForeign(b.Path)
	if asked, err := b.In(e.snapshot.Home).Ask(ctx, e.snapshot.Config.Data); err == nil {
		e.asked = &asked
	}
	return saw(e.version.String() + " at " + b.Path + beside)
}

// compare says what the plan would change.
func (e *exam) compare() outcome {
	if e.unfitting != nil {
		f := ui.Finding{Severity: plan.Error, ID: "not-plannable", Summary: e.unfitting.Error(), Fix: "change one of the two"}
		var file *codex.FileError
		if errors.As(e.unfitting, &file) {
			f.Fix = file.Fix
		}
		e.find(f)
		return saw("the desired state does not fit config.toml")
	}
	if e.policy == nil {
		return skip("no desired state to compare with")
	}
	e.waiting = !e.todo.Empty()
	e.rewired = slices.ContainsFunc(changed(e.todo), e.isAccess)
	if !e.waiting {
		return saw("the home is as the desired state wants it")
	}
	return saw(changesText(e.todo))
}

// untouched is a home as it is.
func untouched(s codex.Snapshot) codex.Rendered {
	return codex.Rendered{
		Config: s.Config, Auth: s.Auth, Pins: s.Pins,
		Root: s.Observed.Config.Root, After: s.Observed.Auth, Pinned: s.Observed.Pins.Root,
	}
}

func changesText(p plan.Plan) string {
	s := p.Summary()
	return fmt.Sprintf("%d to create, %d to update, %d to delete", s.Create, s.Update, s.Delete)
}

// changed are the addresses that a plan edits.
func changed(p plan.Plan) []plan.Address {
	var out []plan.Address
	for _, f := range p.Files {
		for _, c := range f.Changes {
			if c.Edits() {
				out = append(out, c.Address)
			}
		}
	}
	return out
}

// isAccess reports a key that decides where Codex sends which credential.
func (e *exam) isAccess(a plan.Address) bool {
	return a.Equal(plan.KeyMember) || a.Equal(plan.ModeMember) || a.Equal(plan.Address{"model_provider"}) ||
		a.HasPrefix(plan.Address{"model_providers"})
}

// checkRules applies the rules to the home as it will be, or is: first as a plan does, for
// what stops an apply, then as strictly to the user's own keys.
func (e *exam) checkRules(ctx context.Context) outcome {
	if e.stopped() {
		return skip("something else comes first")
	}
	c := e.Checked(e.snapshot, e.todo, e.after)
	c.Asked = e.asked
	if e.policy != nil {
		e.findAll(slices.DeleteFunc(e.Rules(ctx, c), func(d plan.Diagnostic) bool { return d.Severity != plan.Error }))
	}
	c.Desired = e.wholeDesired()
	e.findAll(e.Rules(ctx, c))
	return saw(strings.Join(codex.NamedModels(e.after.Root), ", "))
}

func (e *exam) findAll(all []plan.Diagnostic) {
	for _, d := range all {
		e.find(ui.Finding{Severity: e.severity(d), ID: d.Rule, Summary: d.Summary, Fix: d.Fix, Origin: d.Origin})
	}
}

// severity is how bad a finding is for this home. What stops Codex is an error
// whoever wrote it; a stronger file that wins over a key of the user's own is not.
func (e *exam) severity(d plan.Diagnostic) plan.Severity {
	switch {
	case d.Stops, d.Rule == "env-key-unset":
		return plan.Error
	case d.Rule == "overridden" && d.Origin.File == plan.ConfigFile:
		return plan.Warning
	}
	return d.Severity
}

// checkLoad lets the installed Codex start on a copy.
func (e *exam) checkLoad(ctx context.Context) outcome {
	var endless *codex.EndlessError
	switch {
	case !e.stopped() && errors.As(codex.Endless(e.snapshot.Home, e.after.Root), &endless) && endless.Read:
		e.find(ui.Finding{
			Severity: plan.Error, ID: "endless-file", Summary: "Codex does not get past config.toml",
			Evidence: fmt.Sprintf("%s leads to %s", endless.Key, endless.What), Fix: "let the key name a plain file, or remove it",
			Origin: plan.Origin{File: plan.ConfigFile},
		})
		return saw("it does not start")
	case e.Binary == nil:
		return skip("no Codex to try it with")
	case e.stopped():
		return skip("something else comes first")
	}
	var bad *codex.LoadError
	err := e.Binary.In(e.snapshot.Home).Loads(ctx, e.after.Config.Data)
	if err == nil && e.snapshot.Observed.System { // as it is, for a user without a file
		err = codex.Binary{Path: e.Binary.Path, AsUser: true}.Loads(ctx, nil)
	}
	switch {
	case errors.As(err, &bad):
		e.find(ui.Finding{
			Severity: plan.Error, ID: "load-check", Summary: "Codex " + e.version.String() + " does not start with config.toml",
			Evidence: bad.Error(), Fix: "change or remove the key that it names",
			Origin: plan.Origin{File: plan.ConfigFile, Place: bad.Place},
		})
		return saw("it does not start")
	case err != nil:
		return skip(err.Error())
	}
	return saw("it starts")
}
