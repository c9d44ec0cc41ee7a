package cli

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write the reference pages anew")

const reference = "../../../docs/reference"

// TestCommandReference keeps docs/reference/commands and docs/man equal to the
// command tree.
func TestCommandReference(t *testing.T) {
	markdown, man := map[string]string{}, map[string]string{}
	for _, cmd := range family(newRoot(testApp())) {
		markdown[pageName(cmd)] = page(cmd)
		man[manName(cmd)+".1"] = manPage(cmd)
	}
	keep(t, filepath.Join(reference, "commands"), markdown)
	keep(t, filepath.Join(reference, "..", "man"), man)
}

// keep demands that a folder holds exactly these pages, or writes them.
func keep(t *testing.T, dir string, pages map[string]string) {
	t.Helper()
	if *update {
		for name, text := range pages {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = string(data)
	}
	if diff := cmp.Diff(pages, got); diff != "" {
		t.Errorf("%s parts from the command tree; go test ./cmd/codexform/cli -update\n(-tree +docs):\n%s", dir, diff)
	}
}

// family is a command and all below it that users see, by name.
func family(cmd *cobra.Command) []*cobra.Command {
	out := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		if !sub.Hidden {
			out = append(out, family(sub)...)
		}
	}
	return out
}

func pageName(cmd *cobra.Command) string {
	return strings.ReplaceAll(cmd.CommandPath(), " ", "_") + ".md"
}

func page(cmd *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s.\n\n", cmd.CommandPath(), cmd.Short)
	if cmd.Runnable() {
		fmt.Fprintf(&b, "    %s\n\n", cmd.UseLine())
	}
	for block := range strings.SplitSeq(cmd.Long, "\n\n") {
		b.WriteString(paragraph(block) + "\n\n")
	}
	if cmd.Example != "" {
		fmt.Fprintf(&b, "## Examples\n\n%s\n\n", indented(cmd.Example))
	}
	for _, group := range []struct {
		title string
		flags *pflag.FlagSet
	}{{"Flags", cmd.NonInheritedFlags()}, {"Common flags", cmd.InheritedFlags()}} {
		if rows := flagRows(group.flags); rows != "" {
			fmt.Fprintf(&b, "## %s\n\n| flag | default | |\n|---|---|---|\n%s\n", group.title, rows)
		}
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("## Commands\n\n")
		for _, sub := range cmd.Commands() {
			if !sub.Hidden {
				fmt.Fprintf(&b, "- [%s](%s): %s\n", sub.CommandPath(), pageName(sub), sub.Short)
			}
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// paragraph is a block of help as Markdown: what is indented there is code, and
// the list of exit codes a table.
func paragraph(block string) string {
	lines := strings.Split(block, "\n")
	if lines[0] == "Exit codes:" {
		out := "## Exit codes\n\n| code | means |\n|---|---|"
		for _, line := range lines[1:] {
			code, means, _ := strings.Cut(strings.TrimSpace(line), " ")
			out += fmt.Sprintf("\n| %s | %s |", code, strings.TrimSpace(means))
		}
		return out
	}
	if strings.HasPrefix(lines[0], "  ") {
		return indented(block)
	}
	return block
}

func indented(block string) string {
	lines := strings.Split(block, "\n")
	for i, line := range lines {
		lines[i] = "    " + strings.TrimPrefix(line, "  ")
	}
	return strings.Join(lines, "\n")
}

func flagRows(flags *pflag.FlagSet) string {
	var b strings.Builder
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		name := "`--" + f.Name + "`"
		if f.Shorthand != "" {
			name = "`-" + f.Shorthand + "`, " + name
		}
		def := strings.Trim(f.DefValue, "[]")
		if f.Value.Type() == "bool" {
			def = ""
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, def, f.Usage)
	})
	return b.String()
}

// TestExitCodeReference keeps docs/reference/exit-codes.md equal to exit.go.
func TestExitCodeReference(t *testing.T) {
	want := "| code | `error.code` | means |\n|---|---|---|\n"
	for _, e := range exits {
		want += fmt.Sprintf("| %d | `%s` | %s |\n", e.code, e.word, e.means)
	}
	data, err := os.ReadFile(filepath.Join(reference, "exit-codes.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), want) {
		t.Errorf("docs/reference/exit-codes.md does not hold this table:\n%s", want)
	}
}

// TestHelpNamesExitCodes demands that every command's help tells its exit codes.
func TestHelpNamesExitCodes(t *testing.T) {
	for _, cmd := range family(newRoot(testApp()))[1:] {
		if !strings.Contains(cmd.Long, "Exit codes:\n  0    done") {
			t.Errorf("the help of %s does not tell its exit codes", cmd.CommandPath())
		}
	}
}

// newRoot is the whole command tree.
func newRoot(a *app) *cobra.Command { return newTree(a, commands()) }
