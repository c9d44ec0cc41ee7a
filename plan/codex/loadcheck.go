package codex

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/tomlfile"
)

// CheckLoad lets Codex load config.toml as it would be. A file that it does not
// load is an error where it loaded the one before, and a warning where it did not
// load that one either. A Codex that gives no verdict is a warning that says why.
func CheckLoad(ctx context.Context, l Loader, before, after File) []plan.Diagnostic {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	var bad *LoadError
	err := l.Loads(ctx, after.Data)
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &bad):
		return []plan.Diagnostic{unchecked(err)}
	}
	d := plan.Diagnostic{
		Severity: plan.Error, Rule: "load-check",
		Summary: fmt.Sprintf("Codex would not start with the new config.toml: %v", bad),
		Fix:     "change or remove the key that it names",
	}
	if errors.As(l.Loads(ctx, before.Data), &bad) {
		d.Severity, d.Stops = plan.Warning, true
		d.Summary = fmt.Sprintf("Codex does not start with config.toml, neither as it is nor as it would be: %v", bad)
	}
	return []plan.Diagnostic{d}
}

// checkTimeout bounds all starts of Codex that one check takes.
const checkTimeout = 30 * time.Second

func unchecked(err error) plan.Diagnostic {
	return plan.Diagnostic{
		Severity: plan.Warning, Rule: "load-check",
		Summary: fmt.Sprintf("nobody has tried whether Codex starts with the new config.toml: %v", err),
		Fix:     "mend the Codex, name another one with --codex, or say --codex off",
	}
}

// GivenBackAllTheSame makes a warning of what a load check found where it is a value of
// the user's, from before us, that Codex refuses: without the values that the plan gives
// back, the file loads.
func GivenBackAllTheSame(ctx context.Context, l Loader, found []plan.Diagnostic, p plan.Plan, after File) []plan.Diagnostic {
	if !slices.ContainsFunc(found, func(d plan.Diagnostic) bool { return d.Severity == plan.Error }) {
		return found
	}
	var edits []tomlfile.Edit
	for _, c := range p.File(plan.ConfigFile).Changes {
		if c.GivesBack && c.Edits() && !c.After.IsAbsent() {
			edits = append(edits, tomlfile.Edit{Address: c.Address})
		}
	}
	if len(edits) == 0 {
		return found
	}
	rest, err := tomlfile.Apply(after.Data, edits)
	if err != nil || l.Loads(ctx, rest.Data) != nil {
		return found
	}
	out := slices.Clone(found)
	for i := range out {
		out[i].Severity = plan.Warning
		out[i].Summary += "; that value is yours, from before codexform, and is given back all the same"
	}
	return out
}
