package sources

import (
	"maps"

	"github.com/codexform/codexform/plan"
)

// Home is what a desired state says of the home that it is about, and nothing else.
type Home struct {
	Path   string // codex_home, expanded; "" where the files name none
	System bool   // they are for the machine's own layer
	// Variables are those of ${env.NAME} in codex_home.
	Variables map[string]string

	written *written
}

// Written is a text in which what came from ${env.NAME} stands again as the policy says it.
func (h Home) Written(text string) string { return h.written.text(text) }

// CodexHome is the home that a desired state is about. It is for commands that have to
// work with a broken policy: nothing but codex_home and layer count, and only a file that
// cannot be read as YAML at all, or does not name a folder there, is an error, of the same
// kind as those of Load.
func CodexHome(w World, names []string) (Home, error) {
	ps := &problems{}
	b := builder{World: w, problems: ps, written: &written{}}
	home := Home{Variables: map[string]string{}, written: b.written}
	for _, d := range documents(w, names, ps) {
		text, ok := checkText(d.name, d.data, ps)
		if !ok {
			continue
		}
		broken := &problems{}
		tree := parse(d.name, text, broken)
		if tree == nil {
			ps.list = append(ps.list, broken.list...)
			continue
		}
		if layer := tree.get("layer"); layer != nil {
			home.System = layer.text() == "system"
		}
		if n := tree.get("codex_home"); n != nil {
			home.Path = b.folderName(n)
			maps.Copy(home.Variables, b.homeVariables(n))
		}
	}
	return home, ps.err()
}

// folderName is an expanded path where a folder has to be named.
func (b builder) folderName(n *node) string {
	if n.kind != scalar || n.value.Kind() != plan.KindString || n.text() == "" {
		b.at(n.at, "codex_home: not the name of a folder", "give its whole path")
		return ""
	}
	return b.path(expander{World: b.World, problems: b.problems, env: true, written: b.written}.all(atHome(n), plan.Address{"codex_home"}))
}
