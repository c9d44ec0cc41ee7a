package cli

import "github.com/spf13/cobra"

func newVersionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:               "version",
		Short:             "Print the version of this program",
		Long:              "Print the version of this program, and what it was built with.\n\n" + exitHelp(exitDone, exitUsage),
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			a.view.Version(a.env.Build)
			return nil
		},
	}
}
