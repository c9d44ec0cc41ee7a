package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/bounded"
)

// maxPlan bounds a stored plan, in bytes.
const maxPlan = 4 << 20

func newShowCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show PLANFILE",
		Short: "Print a saved plan in any format",
		Long: `Print a plan that plan --out has stored, as text, JSON or Markdown. Nothing is
read but that file.

` + legend + `
` + exitHelp(exitDone, exitFailed, exitUsage),
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			d, err := a.savedPlan(args[0])
			if err != nil {
				return err
			}
			a.view.Saved(d)
			return nil
		},
	}
	cmd.Flags().BoolVar(&a.full, "full", false, "cut no long value and fold no removed table")
	cmd.Flags().BoolVar(&a.verbose, "verbose", false, "show each finding about keys that are yours, not their number alone")
	return cmd
}

// savedPlan reads a stored plan.
func (a *app) savedPlan(name string) (plan.Document, error) {
	data, _, err := bounded.File(a.env.Fs, name, maxPlan)
	if bounded.Refused(err) {
		return plan.Document{}, fmt.Errorf("%s %w: no saved plan", name, err)
	}
	if bounded.Silent(err) {
		err = fmt.Errorf("%s: %w", name, err)
	}
	if err != nil {
		return plan.Document{}, err
	}
	d, err := plan.ParseDocument(data)
	if err != nil {
		return plan.Document{}, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}
