package main

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// names are what is read out of a program without a question.
type names struct {
	Made  int        // by which form of this
	Lists [][]string // see lists
	Coded [][]string // see coded
	Top   int        // see topCount
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
	if n.Lists, err = lists(path); err != nil {
		return nil, err
	}
	if n.Coded, err = coded(path); err != nil {
		return nil, err
	}
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
