package cli

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// habits are what people type who come from Terraform, kubectl or chezmoi, and what
// it is called here.
var habits = []struct {
	typed []string
	here  string
}{
	{[]string{"--yes", "-y", "--assume-yes", "--no-confirmation", "--force"}, "apply, rollback and destroy do not ask with --auto-approve"},
	{[]string{"--dry-run", "--check", "--what-if"}, "codexform plan shows what apply would change, and changes nothing"},
	{[]string{"diff", "preview", "check", "--diff"}, "codexform plan shows what would change"},
	{[]string{"update", "sync", "deploy", "up"}, "codexform apply makes the changes"},
	{[]string{"undo", "restore", "revert"}, "codexform rollback gives the values from before an apply back"},
	{[]string{"uninstall", "remove", "down"}, "codexform destroy gives everything back"},
	{[]string{"login", "verify", "ping", "test"}, "codexform confirm asks the gateway for its models"},
	{[]string{"lint"}, "codexform validate looks at the desired state alone"},
}

// habit is the line that says what something on a command line is called here, ""
// where it is nobody's habit.
func habit(args []string, cmd *cobra.Command) string {
	for i, arg := range args {
		name, _, _ := strings.Cut(arg, "=")
		for _, h := range habits {
			if slices.Contains(h.typed, strings.ToLower(name)) {
				return h.here
			}
		}
		if long := strings.TrimLeft(name, "-"); len(name)-len(long) == 1 && len(long) > 1 && cmd.Flag(long) != nil {
			return "here it is --" + long + ", with two dashes"
		}
		if isYAML(arg) && (i == 0 || !strings.HasPrefix(args[i-1], "-")) && cmd.Flag("file") != nil {
			return policyHint(cmd.CommandPath(), arg)
		}
	}
	return ""
}

// isYAML reports whether an argument names a desired state.
func isYAML(arg string) bool {
	return slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(arg)) && !strings.HasPrefix(arg, "-")
}

func policyHint(command, file string) string {
	return "a desired state is given with -f: " + command + " -f " + file
}
