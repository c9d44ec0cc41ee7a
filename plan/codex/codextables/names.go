package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

// names are what is read out of a program without a question.
type names struct {
	Made  int   // by which form of this
	Lists runOn // see lists
	Coded runOn // see coded
	Top   int   // see topCount
}

// runOn are lists of names as one text, a line for each: there are very many.
type runOn string

func joined(lists [][]string) runOn {
	var b strings.Builder
	for _, l := range lists {
		b.WriteString(strings.Join(l, " ") + "\n")
	}
	return runOn(b.String())
}

func (r runOn) lists() [][]string {
	var out [][]string
	for line := range strings.Lines(string(r)) {
		out = append(out, strings.Fields(line))
	}
	return out
}

// namesMade goes up when names are read in another way than before.
const namesMade = 1

// namesOf are the names in a program. Some hundred megabytes are read for them, so they
// are kept beside it.
func namesOf(codexes, version string) (*names, error) {
	path, err := programOf(codexes, version)
	if err != nil {
		return nil, err
	}
	keep := filepath.Join(codexes, "names-"+version+".json")
	if n, ok := keptNames(keep, path); ok {
		return n, nil
	}
	n := &names{Made: namesMade}
	listed, err := lists(path)
	if err != nil {
		return nil, err
	}
	inCode, err := coded(path)
	if err != nil {
		return nil, err
	}
	n.Lists, n.Coded = joined(listed), joined(inCode)
	if n.Top, err = topCount(path); err != nil {
		return nil, err
	}
	data, err := json.Marshal(n)
	if err != nil {
		return nil, err
	}
	return n, os.WriteFile(keep, data, 0o600)
}

// keptNames are those that were kept, of the program as it is.
func keptNames(keep, program string) (*names, bool) {
	kept, err := os.Stat(keep)
	if err != nil {
		return nil, false
	}
	if info, err := os.Stat(program); err != nil || info.ModTime().After(kept.ModTime()) {
		return nil, false
	}
	data, err := os.ReadFile(keep)
	if err != nil {
		return nil, false
	}
	n := &names{}
	return n, json.Unmarshal(data, n) == nil && n.Made == namesMade
}
