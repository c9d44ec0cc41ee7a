package main

import (
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func main() {
	codexes := flag.String("codexes", os.Getenv("CODEXES"), "the folder that .ci/tools/codex.sh installs into")
	into := flag.String("into", "plan/codex", "the folder of the tables")
	probeOnly := flag.Bool("probe", false, "ask the programs, write no tables")
	kept := flag.Bool("kept", false, "ask nothing: write the tables of what was kept the last time")
	names := flag.String("names", "", "the versions whose names are tried (default: all)")
	flag.Parse()
	if err := run(*codexes, *into, *probeOnly, *kept, strings.Fields(*names), flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "codextables:", err)
		os.Exit(1)
	}
}

// seeds are names that some version knows and no program has in a list: those that
// people have seen in files, and those that other tables of Codex have.
//
//go:embed seeds.txt
var seeds string

// aliases are older names of features, which no version lists.
const aliases = `codex_hooks
collab
connectors
enable_experimental_windows_sandbox
experimental_use_unified_exec_tool
imagegenext
memory_tool
request_permissions
telepathy
web_search`

// listsOf are the lists of all programs: an old one may know a name that only a new
// one has in a list.
func listsOf(codexes string, versions []string) ([][]string, error) {
	var all [][]string
	for _, version := range versions {
		path, err := programOf(codexes, version)
		if err != nil {
			return nil, err
		}
		found, err := lists(path)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, slices.Compare)
	return slices.CompactFunc(all, slices.Equal), nil
}

// told is all that one version says.
type told struct {
	Version  string
	Keys     map[string]*found
	Top      int               // keys of the top level
	Counted  int               // the same, as the program counts them
	Features map[string]string // name to stage
	Windows  map[string]limits
	Notes    []string
}

type limits struct{ Default, Max int64 }

func run(codexes, into string, probeOnly, kept bool, names, versions []string) error {
	if codexes == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		codexes = filepath.Join(dir, "codexform", "codexes")
	}
	if kept {
		return writeKept(codexes, into, versions)
	}
	var all []*told
	var newer map[string]*found
	if len(names) == 0 {
		names = versions
	}
	lists, err := listsOf(codexes, names)
	if err != nil {
		return err
	}
	for _, version := range slices.Backward(versions) { // the newest first
		t, err := tell(codexes, version, newer, lists)
		if err != nil {
			return err
		}
		newer = t.Keys
		all = append(all, t)
		data, _ := json.MarshalIndent(t, "", " ")
		if err := os.WriteFile(filepath.Join(codexes, "told-"+version+".json"), data, 0o600); err != nil {
			return err
		}
	}
	if probeOnly {
		return nil
	}
	slices.Reverse(all)
	return write(into, all)
}

func tell(codexes, version string, newer map[string]*found, lists [][]string) (*told, error) {
	path, err := programOf(codexes, version)
	if err != nil {
		return nil, err
	}
	p, err := open(version, path, codexes)
	if err != nil {
		return nil, err
	}
	defer p.close()
	t := &told{Version: version}
	if err := t.more(p); err != nil {
		return nil, err
	}
	w := &walker{switches: slices.Sorted(maps.Keys(t.Features)), p: p, lists: lists, words: words(append(lists, strings.Fields(seeds))), out: map[string]*found{}, structs: map[string]string{}, newer: newer}
	root := &found{Kinds: []string{"struct"}}
	if root.Count, err = topCount(path); err != nil {
		return nil, err
	}
	w.table(spot{}, root)
	if w.err != nil {
		return nil, w.err
	}
	t.Keys, t.Notes = w.out, w.notes
	if t.Counted = root.Count; len(w.notes) == 0 {
		t.Notes = []string{}
	}
	for key := range t.Keys {
		if !strings.Contains(strings.ReplaceAll(key, `\.`, ""), ".") {
			t.Top++
		}
	}
	fmt.Fprintf(os.Stderr, "%s: %d keys, %d of %d at the top, %d questions, %d starts, %d notes\n", version, len(t.Keys), t.Top, t.Counted, p.asked, p.runs, len(t.Notes))
	return t, nil
}

func programOf(codexes, version string) (string, error) {
	for _, way := range []string{"bin", "codex"} {
		if found, err := filepath.Glob(filepath.Join(codexes, version, "package", "vendor", "*", way, "codex")); err == nil && len(found) == 1 {
			return found[0], nil
		}
	}
	return "", fmt.Errorf("version %s of Codex is not installed in %s", version, codexes)
}

// more asks for what the program lists of its own accord.
func (t *told) more(p *program) error {
	text, err := p.output("", "features", "list")
	if err != nil {
		return err
	}
	t.Features = map[string]string{}
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 2 {
			t.Features[words[0]] = strings.Join(words[1:len(words)-1], " ")
		}
	}
	text, err = p.output("model_provider = 'x'\n[model_providers.x]\nname = 'x'\nbase_url = 'http://127.0.0.1:9/v1'\n", "debug", "models")
	if err != nil || text == "" {
		return err
	}
	var catalogue struct {
		Models []struct {
			Slug    string
			Default int64 `json:"context_window"`
			Max     int64 `json:"max_context_window"`
		}
	}
	if err := json.Unmarshal([]byte(text), &catalogue); err != nil {
		return err
	}
	t.Windows = map[string]limits{}
	for _, m := range catalogue.Models {
		t.Windows[m.Slug] = limits{m.Default, m.Max}
	}
	return nil
}

func writeKept(codexes, into string, versions []string) error {
	var all []*told
	for _, version := range versions {
		data, err := os.ReadFile(filepath.Join(codexes, "told-"+version+".json"))
		if err != nil {
			return err
		}
		t := &told{}
		if err := json.Unmarshal(data, t); err != nil {
			return err
		}
		all = append(all, t)
	}
	return write(into, all)
}

var ofTop = regexp.MustCompile(`struct ConfigToml with (\d+) elements`)

// topCount is the number of keys of the top level that a program speaks of.
func topCount(path string) (int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	m := ofTop.FindSubmatch(data)
	if m == nil {
		return 0, fmt.Errorf("%s: it does not count its keys", path)
	}
	return strconv.Atoi(string(m[1]))
}
