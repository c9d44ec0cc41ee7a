// Command bench measures what whole runs of codexform cost, beside programs that do
// next to nothing and beside what people use instead.
//
//	bench write [-rounds 40]   measure, and write docs/figures/performance.md and its plot
//	bench check                compare instructions, system calls and syncs with figures.json
//	bench figures [NAME]       write figures.json anew, or what is called so in it
//
// It runs from its own folder; make bench, make bench-check and make bench-figures do
// what is needed before. docs/figures/performance.md tells how to read the result.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) > 2 && os.Args[1] == "run" {
		os.Exit(runOne(os.Args[2:]))
	}
	if len(os.Args) == 4 && os.Args[1] == "codex" {
		os.Exit(runCodex(os.Args[2:]))
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("what shall it be: write, check or figures?")
	}
	flags := flag.NewFlagSet("bench "+args[0], flag.ContinueOnError)
	rounds := flags.Int("rounds", 40, "how often each program is run")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	root, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{root: root, dir: dir}
	if err := b.prepare(); err != nil {
		return err
	}
	switch args[0] {
	case "write":
		return b.write(*rounds)
	case "check":
		return b.check()
	case "figures":
		return b.figures(strings.Join(flags.Args(), " "))
	}
	return fmt.Errorf("no such thing as %q: write, check or figures", args[0])
}
