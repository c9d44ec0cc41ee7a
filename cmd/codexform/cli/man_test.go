package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func manName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// manPage is a command's help as a manual page.
func manPage(cmd *cobra.Command) string {
	var b strings.Builder
	name := manName(cmd)
	fmt.Fprintf(&b, ".TH %s 1\n.SH NAME\n%s \\- %s\n", strings.ToUpper(name), roff(name), roff(cmd.Short))
	if cmd.Runnable() {
		fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(cmd.UseLine()))
	}
	b.WriteString(".SH DESCRIPTION\n")
	exits := ""
	for block := range strings.SplitSeq(cmd.Long, "\n\n") {
		if rest, ok := strings.CutPrefix(block, "Exit codes:\n"); ok {
			exits = rest
			continue
		}
		b.WriteString(manBlock(block))
	}
	for _, group := range []struct {
		title string
		flags *pflag.FlagSet
	}{{"OPTIONS", cmd.NonInheritedFlags()}, {"COMMON OPTIONS", cmd.InheritedFlags()}} {
		if flags := manFlags(group.flags); flags != "" {
			fmt.Fprintf(&b, ".SH %s\n%s", group.title, flags)
		}
	}
	if exits != "" {
		b.WriteString(".SH EXIT STATUS\n")
		for line := range strings.SplitSeq(exits, "\n") {
			code, means, _ := strings.Cut(strings.TrimSpace(line), " ")
			fmt.Fprintf(&b, ".TP\n%s\n%s\n", roff(code), roff(strings.TrimSpace(means)))
		}
	}
	if cmd.Example != "" {
		fmt.Fprintf(&b, ".SH EXAMPLES\n%s", verbatim(cmd.Example))
	}
	return b.String() + manRelated(cmd)
}

func manBlock(block string) string {
	if strings.HasPrefix(block, "  ") {
		return verbatim(block)
	}
	lines := strings.Split(block, "\n")
	for i, line := range lines {
		lines[i] = roff(line)
	}
	return ".PP\n" + strings.Join(lines, "\n") + "\n"
}

// verbatim is text that keeps its lines.
func verbatim(text string) string {
	out := ".PP\n.nf\n"
	for line := range strings.SplitSeq(text, "\n") {
		out += roff(line) + "\n"
	}
	return out + ".fi\n"
}

func manFlags(flags *pflag.FlagSet) string {
	var b strings.Builder
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		usage := f.Usage
		if def := strings.Trim(f.DefValue, "[]"); def != "" && f.Value.Type() != "bool" {
			usage += " [" + def + "]"
		}
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(name), roff(usage))
	})
	return b.String()
}

func manRelated(cmd *cobra.Command) string {
	var names []string
	if cmd.HasParent() {
		names = append(names, cmd.Parent().CommandPath())
	}
	for _, sub := range cmd.Commands() {
		if !sub.Hidden {
			names = append(names, sub.CommandPath())
		}
	}
	for i, name := range names {
		names[i] = ".BR " + roff(strings.ReplaceAll(name, " ", "-")) + " (1)"
	}
	if len(names) == 0 {
		return ""
	}
	return ".SH SEE ALSO\n" + strings.Join(names, ",\n") + "\n"
}

// roff is text in which nothing is a request or an escape.
func roff(s string) string {
	s = strings.ReplaceAll(s, `\`, `\e`)
	s = strings.ReplaceAll(s, "-", `\-`)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
