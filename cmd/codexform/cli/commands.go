package cli

import (
	"slices"

	"github.com/spf13/cobra"
)

// command is one entry of the command tree.
type command struct {
	name  string
	new   func(*app) *cobra.Command
	users bool // root may run it for others
}

// commands are those of the program.
func commands() []command {
	return []command{
		{name: "validate", new: newValidateCommand},
		{name: "plan", new: newPlanCommand, users: true},
		{name: "apply", new: newApplyCommand, users: true},
		{name: "confirm", new: newConfirmCommand},
		{name: "history", new: newHistoryCommand},
		{name: "rollback", new: newRollbackCommand, users: true},
		{name: "destroy", new: newDestroyCommand, users: true},
		{name: "show", new: newShowCommand},
		{name: "init", new: newInitCommand},
		{name: "doctor", new: newDoctorCommand, users: true},
		{name: "status", new: newStatusCommand, users: true},
		{name: "token", new: newTokenCommand},
		{name: "export", new: newExportCommand},
		{name: "report", new: newReportCommand},
		{name: "schema", new: newSchemaCommand},
		{name: "demo", new: newDemoCommand},
		{name: "version", new: newVersionCommand},
		{name: "completion", new: newCompletionCommand},
	}
}

func (c command) build(a *app) *cobra.Command {
	cmd := c.new(a)
	if c.users {
		a.addUsersTo(cmd)
	}
	return cmd
}

// wanted are the commands that a command line may be about. Where its first word is one,
// the others need not be built: their flags cost more than many a run does otherwise.
func wanted(args []string) []command {
	all := commands()
	if i := slices.IndexFunc(all, func(c command) bool { return len(args) > 0 && c.name == args[0] }); i >= 0 {
		return all[i : i+1]
	}
	return all
}
