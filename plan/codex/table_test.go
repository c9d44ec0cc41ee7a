package codex

import (
	"strings"
	"testing"
)

// Every line is found by its name, and nothing by a name that no line has.
func TestTableLines(t *testing.T) {
	for _, text := range []string{keysText, featuresText, modelsText, "a x\nb y", "", "# a\n\nonly z\n"} {
		table, lines := newTable(text), 0
		for text := range strings.Lines(text) {
			name, rest, _ := strings.Cut(strings.TrimSuffix(text, "\n"), " ")
			if name == "" || name[0] == '#' {
				continue
			}
			lines++
			if got, ok := table.line([]byte(name)); !ok || got.name != name || got.rest != rest {
				t.Errorf("%s: %v, %v; want %s", name, got, ok, rest)
			}
			for _, near := range []string{name + "~", name + "!", name + " ", name + "\n", name + " " + rest, name[1:] + "?", "\x00" + name} {
				if got, ok := table.line([]byte(near)); ok {
					t.Errorf("%q: %v; want nothing", near, got)
				}
			}
		}
		for _, name := range []string{"", "#", "~", "# a"} {
			if got, ok := table.line([]byte(name)); ok {
				t.Errorf("%q: %v; want nothing", name, got)
			}
		}
		if lines == 0 && len(table) > 0 {
			t.Errorf("no line in %q", text)
		}
	}
}

// A table that takes any name is told from one that has names of its own.
func TestTableBelow(t *testing.T) {
	names := map[string]bool{} // each path, and whether a name other than * is below it
	for text := range strings.Lines(keysText) {
		name, _, _ := strings.Cut(text, " ")
		for i := range name {
			if name[i] == '.' && (i == 0 || name[i-1] != '\\') {
				names[name[:i]] = names[name[:i]] || name[i+1] != '*'
				if name[i+1] < '*' {
					t.Errorf("%s is before what takes any name", name)
				}
			}
		}
	}
	if len(names) < 100 || !names["tui"] || names["projects"] {
		t.Fatalf("%d paths, tui %v, projects %v", len(names), names["tui"], names["projects"])
	}
	for path, want := range names {
		if got := newTable(keysText).below([]byte(path+"."), '*'+1); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}
