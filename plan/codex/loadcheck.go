package codex

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/codexform/codexform/plan"
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
		d.Severity = plan.Warning
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
