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
