package cli

import (
	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
)

func newDestroyCommand(a *app) *cobra.Command {
	var o reversalOptions
	var purge bool
	cmd := &cobra.Command{
		Use:   "destroy",
		Short: "Give everything back: values from before us return, our keys go",
		Long: `Give every key that codexform owns in a Codex home back: the value from before
codexform where there was one, else the key goes. Keys that somebody changed since
stay as they are, and so does everything else in the files. A ChatGPT login that
the key displaced counts again.

What codexform remembers of the home, its history among it, stays in .codexform until
--purge removes that folder too.

` + legend + `
` + exitHelpWith(map[int]string{exitUndo: halfWay}, exitDone, exitFailed, exitUsage, exitStale, exitLocked, exitUndo),
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			at, err := a.homeWithout(o.homeOptions)
			if err != nil {
				return err
			}
			at.purge = purge
			return a.giveBack(cmd.Context(), o, at, apply.Destroy, plan.Make)
		},
	}
	o.addTo(cmd)
	cmd.Flags().BoolVar(&purge, "purge", false, "remove what codexform remembers of the home too: its folder .codexform")
	return cmd
}
