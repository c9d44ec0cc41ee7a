package codex

import (
	"context"
	"errors"
	"fmt"

	"github.com/codexform/codexform/plan"
)

// CheckLoad lets Codex load config.toml as it would be. A file that it does not
// load is an error where it loaded the one before, and a warning where it did not
// load that one either. When Codex gives no verdict there is no finding.
func CheckLoad(ctx context.Context, l Loader, before, after File) []plan.Diagnostic {
	var bad *LoadError
	if !errors.As(l.Loads(ctx, after.Data), &bad) {
		return nil
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
