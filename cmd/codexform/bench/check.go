package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
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

// countAll counts our programs and the floors. Two thousand keys and large files take
// long under valgrind; two hundred keys tell as much.
func (b *bench) countAll() (kept, error) {
	programs, err := b.programs()
	if err != nil {
		return kept{}, err
	}
	k := kept{Go: runtime.Version(), Arch: runtime.GOARCH, Counts: map[string]counts{}}
	for _, p := range programs {
		if p.group == large && !strings.Contains(p.name, " 200 ") && !strings.Contains(p.name, "5000 ") {
			continue
		}
		if k.Counts[p.name], err = b.count(p); err != nil {
			return kept{}, err
		}
		fmt.Printf("%-40s %12d instructions %6d calls %3d syncs\n", p.name, k.Counts[p.name].Instructions, k.Counts[p.name].Calls, k.Counts[p.name].Syncs)
	}
	return k, nil
}

func (b *bench) figures() error {
	k, err := b.countAll()
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(figuresFile, append(data, '\n'), 0o644)
}

// check fails where a program takes a tenth more than the figures say, or a sync more.
func (b *bench) check() error {
	data, err := os.ReadFile(figuresFile)
	if err != nil {
		return err
	}
	var want kept
	if err := json.Unmarshal(data, &want); err != nil {
		return err
	}
	if want.Arch != runtime.GOARCH {
		return fmt.Errorf("the figures are those of %s: instructions of %s are others", want.Arch, runtime.GOARCH)
	}
	got, err := b.countAll()
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
		worse = append(worse, is.worse(name, was)...)
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
	if c.Syncs > was.Syncs {
		worse = append(worse, fmt.Sprintf("%s: %d syncs, were %d", name, c.Syncs, was.Syncs))
	}
	return worse
}
