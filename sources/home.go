package sources

import (
	"github.com/codexform/codexform/plan"
)

// CodexHome is the codex_home that a desired state names, expanded, "" when it names
// none, or SystemLayer. It is for commands that have to work with a broken policy: nothing but
// codex_home and layer count, and only a file that cannot be read as YAML at all, or does not
// name a folder there, is an error, of the same kind as those of Load. What words
// gives is a text in which what came from ${env.NAME} stands again as the policy says it.
func CodexHome(w World, names []string) (path string, words func(string) string, err error) {
	ps := &problems{}
	b := builder{World: w, problems: ps, written: &written{}}
	home := ""
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
		if layer := tree.get("layer"); layer.text() == "system" {
			home = SystemLayer
		}
		if n := tree.get("codex_home"); n != nil {
			home = b.folderName(n)
		}
	}
	return home, b.written.text, ps.err()
}

// SystemLayer is what CodexHome gives where the machine's own layer is meant. It is no
// path.
const SystemLayer = "layer: system"

// folderName is an expanded path where a folder has to be named.
func (b builder) folderName(n *node) string {
	if n.kind != scalar || n.value.Kind() != plan.KindString || n.text() == "" {
		b.at(n.at, "codex_home: not the name of a folder", "give its whole path")
		return ""
	}
	return b.path(expander{World: b.World, problems: b.problems, env: true, written: b.written}.all(n, plan.Address{"codex_home"}))
}
