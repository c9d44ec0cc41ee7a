package cli

import (
	"bytes"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// helpWidth is how wide help runs: a terminal has that much nearly always.
const helpWidth = 80

// wrapHelp has the help of a command and of all below it fit a terminal.
func wrapHelp(root *cobra.Command) {
	help := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		var text bytes.Buffer
		out := cmd.OutOrStdout()
		cmd.SetOut(&text)
		help(cmd, args)
		cmd.SetOut(out)
		_, _ = io.WriteString(out, wrapText(text.String()))
	})
}

// wrapText breaks the lines of a text that are too long; what follows lines up with the
// last column of the first, as it is set off there by two spaces.
func wrapText(text string) string {
	var out []string
	carried := "" // of a sentence, to the next line of its paragraph
	for line := range strings.SplitSeq(text, "\n") {
		if carried != "" && (line == "" || line[0] == ' ') {
			out, carried = append(out, carried), ""
		} else if carried != "" {
			line, carried = carried+" "+line, ""
		}
		indent := column(line)
		for len(line) > helpWidth && !strings.HasPrefix(line, "  codexform ") { // a command stays one line
			cut := strings.LastIndexByte(line[:helpWidth+1], ' ')
			if cut <= indent {
				break
			}
			out = append(out, line[:cut])
			if line = strings.Repeat(" ", indent) + line[cut+1:]; indent == 0 && len(line) <= helpWidth {
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

// column is where the last column of a line of a table begins, its indentation in any
// other line.
func column(line string) int {
	start := len(line) - len(strings.TrimLeft(line, " "))
	if i := strings.LastIndex(line[start:], "  "); start > 0 && i >= 0 {
		return start + i + len("  ")
	}
	return start
}
