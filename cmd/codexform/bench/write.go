package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// write measures everything and writes the page and its plot.
func (b *bench) write(rounds int) error {
	programs, err := b.programs()
	if err != nil {
		return err
	}
	peers, missing, err := b.peers()
	if err != nil {
		return err
	}
	for _, m := range missing {
		fmt.Fprintln(os.Stderr, "bench: NOT MEASURED:", m)
	}
	confirms, err := b.confirms()
	if err != nil {
		return err
	}
	programs = append(append(programs, confirms...), peers...)
	was, err := known() // of large files and many keys, which take long under valgrind
	if err != nil {
		return err
	}
	counted := map[int]counts{} // before the rounds, which may end with any turn
	for i, p := range programs {
		if counted[i] = was.Counts[p.name]; p.peer || p.few {
			continue
		}
		if counted[i], err = b.count(p); err != nil {
			return err
		}
	}
	results, err := measure(programs, rounds)
	if err != nil {
		return err
	}
	for i := range results {
		results[i].counts = counted[i]
	}
	dir := filepath.Join(b.root, "docs", "figures")
	if err := os.WriteFile(filepath.Join(dir, "performance.svg"), []byte(plot(results)), 0o644); err != nil {
		return err
	}
	file := filepath.Join(dir, "performance.md")
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	_, kept, ok := strings.Cut(string(old), byHand)
	if !ok {
		return fmt.Errorf("%s has no line %q", file, strings.TrimSpace(byHand))
	}
	return os.WriteFile(file, []byte(page(results, missing, rounds)+byHand+kept), 0o644)
}

// byHand begins what is not measured here, and stays as it is.
const byHand = "\n<!-- make bench writes what stands above -->\n"

func page(results []result, missing []string, rounds int) string {
	var p strings.Builder
	fmt.Fprintf(&p, `# What runs cost, beside others, and what they may cost

<!-- written by make bench -->

Each figure is that of a whole process, started from a small one, in %d rounds of shuffled order after one that does not
count. Least and median are CPU time, user and system; *ratio* is the median beside codexform's. Instructions are callgrind's,
system calls those that Go's runtime does not make for itself. Ours ask no installed Codex, and no gateway but where it says so.

%s. Other work on the machine moves CPU time, by half and more; ratios, instructions, calls and syncs stay.

![CPU time beside codexform's](performance.svg)

`, rounds, machine())
	targets(&p, append(byTurn(results), results...))
	table(&p, "## Nothing to do", "A file of 200 lines as people have them, to which the setup guide's policy was applied; examples/recommended has the small home that it comes with.", results, checks, "codexform plan")
	table(&p, "## Both files change", "Another model and another key, for the host that the files have already.", results, applies, "codexform apply")
	table(&p, "## Other commands", "", results, own, "codexform plan")
	table(&p, "## Many keys, large files", "Keys stand four to a table. A destroy gives back what the apply before it did.", byTurn(results), large, "")
	for _, m := range missing {
		fmt.Fprintf(&p, "Not measured: %s, which is not installed.\n\n", m)
	}
	p.WriteString(`## How to measure again

    make bench          # all of this, ten minutes, half an hour on a busy machine
    make bench-check    # instructions, system calls and syncs against cmd/codexform/bench/figures.json: CI
    make bench-figures  # write that file anew

` + "`make tools-peers`" + ` installs the programs of others that Go builds; what is not there is left out of the tables, and said.
The check lets a tenth more pass, since patch versions of Go move instructions by a few in a hundred, but no sync more.
Callgrind pretends to the same processor everywhere, so the figures hold for every machine of their architecture.
`)
	return p.String()
}

// table is the results of a group.
func table(p *strings.Builder, title, about string, results []result, of group, base string) {
	fmt.Fprintf(p, "%s\n\n", title)
	if about != "" {
		fmt.Fprintf(p, "%s\n\n", about)
	}
	unit, found := result{}, false
	for _, r := range results {
		if r.name == base {
			unit, found = r, true
		}
	}
	p.WriteString("| | CPU least / median | ratio | memory | instructions | calls | syncs |\n|---|---|---|---|---|---|---|\n")
	for _, r := range results {
		if r.group != of {
			continue
		}
		ratio := ""
		if found {
			ratio = fmt.Sprintf("%.2f", float64(r.middle())/float64(unit.middle()))
		}
		fmt.Fprintf(p, "| %s | %s / %s ms | %s | %.1f MB | %s |\n", r.name, ms(r.low()), ms(r.middle()), ratio, float64(r.memory())/1e6, r.counts)
	}
	p.WriteString("\n")
}

func (c counts) String() string {
	if c.Instructions == 0 {
		return " | | "
	}
	return fmt.Sprintf("%.2f million | %d | %d", float64(c.Instructions)/1e6, c.Calls, c.Syncs)
}

func ms(d time.Duration) string {
	if v := float64(d) / 1e6; v < 100 {
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", float64(d)/1e6)
}

// machine is what the figures were taken on.
func machine() string {
	kernel, _ := exec.Command("uname", "-sr").Output()
	return fmt.Sprintf("%s %s, %d processors, %s", strings.TrimSpace(string(kernel)), runtime.GOARCH, runtime.NumCPU(), runtime.Version())
}
