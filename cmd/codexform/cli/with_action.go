package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/sources"
)

// codexAction is the choice of --for.
const codexAction = "codex-action"

func (a *app) addForTo(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.beside, "for", "", "make room for another tool: codex-action, which brings provider and key itself, so that neither is written")
	complete(cmd, "for", codexAction)
}

// besides makes room in a policy, if there is one, for the tool of --for.
func (a *app) besides(p *sources.Policy) error {
	switch {
	case a.beside == "":
	case p != nil && a.beside == codexAction:
		p.Desired = codex.ForCodexAction(p.Desired)
	case a.beside != codexAction:
		return &usageError{fmt.Errorf("--for %q: it is %s", a.beside, codexAction)}
	}
	return nil
}
