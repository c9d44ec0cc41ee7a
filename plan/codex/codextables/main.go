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
	whole := flag.String("whole", "", "the versions that are asked of everything, beside the newest and the oldest")
	more := flag.Bool("more", false, "ask no version again of what it said the last time, only of names that are new")
	flag.Parse()
	if err := run(*codexes, *into, *probeOnly, *kept, *more, strings.Fields(*names), strings.Fields(*whole), flag.Args()); err != nil {
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
		n, err := namesOf(codexes, version)
		if err != nil {
			return nil, err
		}
		all = append(all, n.Lists.lists()...)
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

func run(codexes, into string, probeOnly, kept, more bool, names, whole, versions []string) error {
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
	if len(names) == 0 {
		names = versions
	}
	lists, err := listsOf(codexes, names)
	if err != nil {
		return err
	}
	said := map[string]*told{}
	for _, version := range order(versions, whole) {
		newer, older := beside(versions, said, version)
		var last map[string]*found
		if more {
			if t, err := lastTold(codexes, version); err == nil {
				last = t.Keys
			}
		}
		t, err := tell(codexes, version, newer, older, last, lists)
		if err != nil {
			return err
		}
		said[version] = t
		data, _ := json.MarshalIndent(t, "", " ")
		if err := os.WriteFile(filepath.Join(codexes, "told-"+version+".json"), data, 0o600); err != nil {
			return err
		}
	}
	if probeOnly {
		return nil
	}
	for _, version := range versions {
		all = append(all, said[version])
	}
	return write(into, all)
}

// order is the order in which versions are asked: first, the newest first, those that
// are asked of everything, the newest and the oldest among them; then the others, which
// are asked only of what those on both sides do not agree on.
func order(versions, whole []string) []string {
	var first, rest []string
	for i, version := range slices.Backward(versions) {
		if i == 0 || i == len(versions)-1 || slices.Contains(whole, version) {
			first = append(first, version)
		} else {
			rest = append(rest, version)
		}
	}
	return append(first, rest...)
}

// beside are the nearest versions that have said something, on both sides.
func beside(versions []string, said map[string]*told, version string) (newer, older map[string]*found) {
	at := slices.Index(versions, version)
	for _, v := range versions[at+1:] {
		if t := said[v]; t != nil {
			newer = t.Keys
			break
		}
	}
	for _, v := range slices.Backward(versions[:at]) {
		if t := said[v]; t != nil {
			older = t.Keys
			break
		}
	}
	return newer, older
}

func tell(codexes, version string, newer, older, last map[string]*found, all [][]string) (*told, error) {
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
	n, err := namesOf(codexes, version)
	if err != nil {
		return nil, err
	}
	w := &walker{switches: slices.Sorted(maps.Keys(t.Features)), p: p, lists: all, own: n.Lists.lists(), coded: n.Coded.lists(), unions: map[string]*found{}, items: map[string]*found{}, words: words(append(all, strings.Fields(seeds))), out: map[string]*found{}, structs: map[string]string{}, newer: newer, older: older, kept: last}
	root := &found{Kinds: []string{"struct"}, Count: n.Top}
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
		t, err := lastTold(codexes, version)
		if err != nil {
			return err
		}
		all = append(all, t)
	}
	return write(into, all)
}

// lastTold is what a version said the last time.
func lastTold(codexes, version string) (*told, error) {
	data, err := os.ReadFile(filepath.Join(codexes, "told-"+version+".json"))
	if err != nil {
		return nil, err
	}
	t := &told{}
	return t, json.Unmarshal(data, t)
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
