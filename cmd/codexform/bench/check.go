package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
)

// kept is figures.json.
type kept struct {
	Go     string            `json:"go"`
	Arch   string            `json:"arch"`
	Counts map[string]counts `json:"counts"`
}

const figuresFile = "figures.json"

// tolerance is how much more than the figures say is let pass: patch versions of Go
// and of modules move them by a few in a hundred.
const tolerance = 1.10

// floors are not ours to hold: what a program without work takes depends on its
// environment.
var floors = []string{"an empty Go program", "bare check (reads, parses, compares)", "bare transaction (5 syncs)"}

// growth is how many times more instructions ten times more keys or lines may take.
const growth = 12.5

// grown are the programs that do ten times what others do.
var grown = map[string]string{
	"plan, 200 new keys":            "plan, 2000 new keys",
	"apply, then destroy, 200 keys": "apply, then destroy, 2000 keys",
	"no-op plan, 200 keys":          "no-op plan, 2000 keys",

	"two policies, then destroy, 200 keys": "two policies, then destroy, 2000 keys",

	"apply, 500 lines": "apply, 5000 lines",

	"plan, 400 sessions of another provider": "plan, 4000 sessions of another provider",
	"no-op plan, 10 policies":                "no-op plan, 100 policies",
	"apply, then destroy, 10 policies":       "apply, then destroy, 100 policies",
	"no-op plan, 800 project tables":         "no-op plan, 8000 project tables",
}

// tooLarge reports what takes too long under valgrind.
func (b *bench) tooLarge(p program) bool {
	return strings.Contains(p.name, "50000") || strings.Contains(p.name, "600 KB")
}

// countAll counts our programs and the floors.
func (b *bench) countAll(only string) (kept, error) {
	programs, err := b.programs()
	if err != nil {
		return kept{}, err
	}
	k := kept{Go: runtime.Version(), Arch: runtime.GOARCH, Counts: map[string]counts{}}
	for _, p := range programs {
		if b.tooLarge(p) || !strings.Contains(p.name, only) {
			continue
		}
		if k.Counts[p.name], err = b.count(p); err != nil {
			return kept{}, err
		}
		fmt.Printf("%-40s %12d instructions %6d calls %3d syncs\n", p.name, k.Counts[p.name].Instructions, k.Counts[p.name].Calls, k.Counts[p.name].Syncs)
	}
	return k, nil
}

// figures writes them anew, or only those of some programs.
func (b *bench) figures(only string) error {
	k, err := b.countAll(only)
	if err != nil {
		return err
	}
	if only != "" {
		was, err := known()
		if err != nil {
			return err
		}
		maps.Copy(was.Counts, k.Counts)
		k.Counts = was.Counts
	}
	data, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(figuresFile, append(data, '\n'), 0o644)
}

// known is what figures.json says.
func known() (k kept, err error) {
	data, err := os.ReadFile(figuresFile)
	if err == nil {
		err = json.Unmarshal(data, &k)
	}
	return k, err
}

// check fails where a program takes a tenth more than the figures say, or a sync more.
func (b *bench) check() error {
	want, err := known()
	if err != nil {
		return err
	}
	if want.Arch != runtime.GOARCH {
		return fmt.Errorf("the figures are those of %s: instructions of %s are others", want.Arch, runtime.GOARCH)
	}
	got, err := b.countAll("")
	if err != nil {
		return err
	}
	var worse []string
	for name, is := range got.Counts {
		was, known := want.Counts[name]
		if !known {
			worse = append(worse, name+": no figure yet")
			continue
		}
		if !slices.Contains(floors, name) {
			worse = append(worse, is.worse(name, was)...)
		}
	}
	for small, large := range grown {
		if n, most := got.Counts[large].Instructions, growth*float64(got.Counts[small].Instructions); float64(n) > most {
			worse = append(worse, fmt.Sprintf("%s: %d instructions, more than %.1f times those of %s", large, n, growth, small))
		}
	}
	for name := range want.Counts {
		if _, there := got.Counts[name]; !there {
			worse = append(worse, name+": a figure for what is not measured any more")
		}
	}
	if len(worse) == 0 {
		return nil
	}
	if want.Go != got.Go {
		worse = append(worse, fmt.Sprintf("the figures are those of %s, this is %s", want.Go, got.Go))
	}
	return errors.New(strings.Join(worse, "\n  ") + "\nif that is what it has to cost: make bench-figures, and say why in the commit")
}

// worse says what takes more than it did.
func (c counts) worse(name string, was counts) []string {
	var worse []string
	if float64(c.Instructions) > tolerance*float64(was.Instructions) {
		worse = append(worse, fmt.Sprintf("%s: %d instructions, were %d", name, c.Instructions, was.Instructions))
	}
	if float64(c.Calls) > tolerance*float64(was.Calls)+2 {
		worse = append(worse, fmt.Sprintf("%s: %d system calls, were %d", name, c.Calls, was.Calls))
	}
	if c.Reads > was.Reads {
		worse = append(worse, fmt.Sprintf("%s: config.toml is read %d times, was %d", name, c.Reads, was.Reads))
	}
	if c.Syncs > was.Syncs {
		worse = append(worse, fmt.Sprintf("%s: %d syncs, were %d", name, c.Syncs, was.Syncs))
	}
	return worse
}
