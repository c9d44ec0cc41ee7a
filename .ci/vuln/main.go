// Command vuln judges what govulncheck -format json says on stdin: a vulnerable function
// of a module that the program calls is an error; one of the standard library is said
// loudly and passes, because its cure is the Go that builds, not a change of ours.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

// message is what the gate reads of one message of govulncheck's stream.
type message struct {
	Config *struct {
		Scan string `json:"scan_level"`
	}
	OSV     *struct{ ID, Summary string }
	Finding *finding
}

type finding struct {
	OSV   string
	Fixed string `json:"fixed_version"`
	Trace []struct{ Module, Version, Package, Function string }
}

func main() {
	if err := judge(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "make vuln:", err)
		os.Exit(1)
	}
}

func judge(in io.Reader, out io.Writer) error {
	called, known, err := read(in)
	if err != nil {
		return err
	}
	if known == 0 {
		return errors.New("no scan of functions against a data base: nothing is proved")
	}
	bad := 0
	for _, id := range slices.Sorted(maps.Keys(called)) {
		f := called[id]
		at := f.Trace[0]
		fmt.Fprintf(out, "%s %s %s: %s.%s is called; fixed in %s: %s\n", id, at.Module, at.Version, at.Package, at.Function, f.Fixed, f.summary)
		if at.Module != "stdlib" {
			bad++
		}
	}
	fmt.Fprintf(out, "%d vulnerable functions called in modules; %d in the standard library of the Go that built this, which only a newer Go cures\n", bad, len(called)-bad)
	if bad > 0 {
		return fmt.Errorf("%d in modules: upgrade them", bad)
	}
	return nil
}

type verdict struct {
	finding
	summary string
}

// read gives the findings whose function is called, by their id, and how many
// vulnerabilities the data base knew of what is built in.
func read(in io.Reader) (called map[string]verdict, known int, err error) {
	called = map[string]verdict{}
	summary := map[string]string{}
	functions := false
	for stream := json.NewDecoder(in); ; {
		var m message
		if err := stream.Decode(&m); err == io.EOF {
			break
		} else if err != nil {
			return nil, 0, fmt.Errorf("reading govulncheck's answer: %w", err)
		}
		switch {
		case m.Config != nil:
			functions = m.Config.Scan == "symbol"
		case m.OSV != nil:
			summary[m.OSV.ID] = m.OSV.Summary
		case m.Finding != nil && len(m.Finding.Trace) > 0 && m.Finding.Trace[0].Function != "":
			called[m.Finding.OSV] = verdict{finding: *m.Finding}
		}
	}
	if !functions {
		return nil, 0, nil
	}
	for id, v := range called {
		v.summary = summary[id]
		called[id] = v
	}
	return called, len(summary), nil
}
