package cli

import (
	"github.com/spf13/cobra"

	"github.com/codexform/codexform/docs/schema"
)

func newSchemaCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the desired state",
		Long: `Print the JSON Schema of codex.yaml, with which editors complete and check it. An
editor with the YAML language server finds it by a first line such as

  # yaml-language-server: $schema=codex.schema.json

` + exitHelp(exitDone, exitUsage),
		Example:           `  codexform schema > codex.schema.json`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			a.view.Document(schema.Codex)
			return nil
		},
	}
}
