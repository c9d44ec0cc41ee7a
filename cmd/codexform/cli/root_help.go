package cli

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// helpWidth is how wide help runs: a terminal has that much nearly always.
const helpWidth = 80

// leastHelp is as narrow as help becomes.
const leastHelp = 40

// wrapHelp has the help of a command and of all below it fit a terminal of a width, 0 for
// none.
func wrapHelp(root *cobra.Command, width int) {
	help := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		var text bytes.Buffer
		out := cmd.OutOrStdout()
		cmd.SetOut(&text)
		help(cmd, args)
		cmd.SetOut(out)
		_, _ = io.WriteString(out, wrapText(text.String(), width))
	})
}

// wrapText breaks the lines of a text that are too long; what follows lines up with the
// last column of the first, as it is set off there by two spaces. A command breaks where
// the terminal would break it, and only as a shell takes it.
func wrapText(text string, terminal int) string {
	width := helpWidth
	if terminal > 0 {
		width = min(helpWidth, max(terminal, leastHelp))
	}
	var out []string
	carried := "" // of a sentence, to the next line of its paragraph
	for line := range strings.SplitSeq(text, "\n") {
		if carried != "" && (line == "" || line[0] == ' ') {
			out, carried = append(out, carried), ""
		} else if carried != "" {
			line, carried = carried+" "+line, ""
		}
		if strings.HasPrefix(line, "  codexform ") {
			out = append(out, continued(line, terminal)...)
			continue
		}
		indent := min(column(line), width*2/3)
		for len(line) > width {
			cut := strings.LastIndexByte(line[:width+1], ' ')
			if cut <= indent {
				break
			}
			out = append(out, line[:cut])
			if line = strings.Repeat(" ", indent) + line[cut+1:]; indent == 0 && len(line) <= width {
				carried, line = line, ""
			}
		}
		if carried != "" {
			continue
		}
		out = append(out, line)
	}
	if carried != "" {
		out = append(out, carried)
	}
	return strings.Join(out, "\n")
}

// continued is a command on lines that a shell puts together again, on one where there is
// no terminal or it has room.
func continued(command string, terminal int) (out []string) {
	for terminal > leastHelp && len(command) > terminal && filepath.Separator == '/' { // PowerShell has another mark
		cut := strings.LastIndex(command[:terminal-1], " --") // a flag and its value stay together
		if strings.TrimSpace(command[:max(cut, 0)]) == "" {
			cut = strings.LastIndex(command[:terminal-1], " ")
		}
		if strings.TrimSpace(command[:max(cut, 0)]) == "" {
			break
		}
		out, command = append(out, command[:cut]+` \`), "      "+command[cut+1:]
	}
	return append(out, command)
}

// column is where the last column of a line of a table begins, its indentation in any
// other line.
func column(line string) int {
	start := len(line) - len(strings.TrimLeft(line, " "))
	if i := strings.LastIndex(line[start:], "  "); start > 0 && i >= 0 {
		return start + i + len("  ")
	}
	return start
}
