package codex_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2/unstable"
	tomltest "github.com/toml-lang/toml-test/v2"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex/codextest"
	"github.com/codexform/codexform/plan/tomlfile"
)

// TestEditsLikeCodex makes the same random edits of the same files, those of the
// corpus and of toml-test, with ours and with config/batchWrite of the real Codex: the
// data are the same, and every comment that Codex keeps ours keeps too.
func TestEditsLikeCodex(t *testing.T) {
	r := rivalry{t: t, home: codextest.Home(t)}
	r.server = codextest.StartAppServer(t, r.home)
	random := rand.New(rand.NewPCG(7, 8))
	docs := configs(t)
	for _, name := range slices.Sorted(maps.Keys(docs)) {
		d, err := tomlfile.Parse(docs[name])
		if err != nil {
			continue // of the corpus: to be refused
		}
		for range 8 {
			edits := randomEdits(random, d.Root)
			if r.compare(name, docs[name], edits) {
				continue
			}
			for i := range edits { // perhaps Codex refuses but one of them
				r.compare(name, docs[name], edits[i:i+1])
			}
		}
	}
	t.Logf("%d edits made by both, with the same data; %d calls refused by Codex, %d files of Codex that nobody can read; of the comments, ours keeps %d, Codex %d",
		r.made, r.refused, r.broken, r.ours, r.theirs)
	if r.made < 6000 || r.broken*20 > r.made {
		t.Errorf("only %d edits compared, %d not: proves little", r.made, r.broken)
	}
}

// rivalry is Codex and ours at the same work.
type rivalry struct {
	t      *testing.T
	home   string
	server *codextest.AppServer

	made, refused, broken int // edits made by both; calls that Codex refused; files that it broke
	ours, theirs          int // comments kept
}

// compare has both make the edits. It is false when Codex refuses them: an unknown
// model, say, which ours leaves to the load check.
func (r *rivalry) compare(name string, src []byte, edits []tomlfile.Edit) bool {
	r.t.Helper()
	ours, err := tomlfile.Apply(src, edits)
	if err != nil {
		r.t.Errorf("%s: %v: %v", name, edits, err)
		return true
	}
	theirs, err := r.batchWrite(src, edits)
	if err != nil {
		r.refused++
		return false
	}
	if _, err := tomlfile.Parse(theirs); err != nil {
		r.broken++ // it opens an inline table into a header with what stood in front of the key
		return true
	}
	if err := sameEdits(ours.Data, theirs); err != nil {
		r.t.Errorf("%s: %v: %v\n-- before --\n%s\n-- ours --\n%s\n-- Codex's --\n%s", name, edits, err, src, ours.Data, theirs)
	}
	r.made += len(edits)
	r.ours += total(comments(ours.Data))
	r.theirs += total(comments(theirs))
	return true
}

// configs are the files of the corpus and the valid ones of toml-test.
func configs(t *testing.T) map[string][]byte {
	t.Helper()
	docs := map[string][]byte{}
	paths, err := filepath.Glob("../tomlfile/testdata/corpus/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if docs[filepath.Base(path)], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	tests := tomltest.TestCases()
	list, err := fs.ReadFile(tests, "files-toml-1.1.0")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Fields(string(list)) {
		if !strings.HasPrefix(name, "valid/") || !strings.HasSuffix(name, ".toml") {
			continue
		}
		if docs[name], err = fs.ReadFile(tests, name); err != nil {
			t.Fatal(err)
		}
	}
	return docs
}

// randomEdits are one to four edits of a document, none in the way of another.
func randomEdits(random *rand.Rand, root plan.Value) []tomlfile.Edit {
	var all, some []tomlfile.Edit
	var walk func(at plan.Address, v plan.Value)
	walk = func(at plan.Address, v plan.Value) {
		if hasTables(v) {
			return
		}
		below := func(key string) plan.Address { return append(at[:len(at):len(at)], key) }
		if len(at) > 0 {
			all = append(all, tomlfile.Edit{Address: at})
		}
		if v.Kind() != plan.KindTable {
			if changed := another(v); !changed.IsAbsent() {
				all = append(all, tomlfile.Edit{Address: at, Value: changed})
			}
			return
		}
		all = append(all, tomlfile.Edit{Address: below("new_key"), Value: plan.Str(`a "new" \ value`)},
			tomlfile.Edit{Address: append(below("new table"), "key"), Value: plan.Int(7)})
		for _, m := range v.Members() {
			walk(below(m.Key), m.Value)
		}
	}
	walk(nil, root)
	want := 1 + random.IntN(4)
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, e := range all {
		clear := !slices.ContainsFunc(some, func(o tomlfile.Edit) bool {
			return e.Address.HasPrefix(o.Address) || o.Address.HasPrefix(e.Address)
		})
		if clear && len(some) < want {
			some = append(some, e)
		}
	}
	return some
}

// hasTables reports an array with tables in it, which ours does not touch.
func hasTables(v plan.Value) bool {
	return v.Kind() == plan.KindList && slices.ContainsFunc(v.Items(), func(i plan.Value) bool { return i.Kind() == plan.KindTable })
}

// another is another value of the same kind, absent where JSON has none.
func another(v plan.Value) plan.Value {
	switch v.Kind() {
	case plan.KindString:
		return plan.Str(v.Text() + " and 'more'\n")
	case plan.KindBool:
		return plan.Bool(!v.True())
	case plan.KindInt:
		return plan.Int(v.Int64()/2 + 1)
	case plan.KindList:
		return plan.List(plan.Str("one"), plan.Int(2))
	}
	return plan.Value{}
}

// batchWrite has Codex make edits of a file in its home.
func (r *rivalry) batchWrite(src []byte, edits []tomlfile.Edit) ([]byte, error) {
	r.t.Helper()
	codextest.WriteFile(r.t, r.home, "config.toml", string(src))
	var params struct {
		Edits []map[string]any `json:"edits"`
	}
	for _, e := range edits {
		params.Edits = append(params.Edits, map[string]any{
			"keyPath": keyPath(e.Address), "value": e.Value, "mergeStrategy": "replace",
		})
	}
	if _, err := r.server.Call("config/batchWrite", params); err != nil {
		return nil, err
	}
	out, err := os.ReadFile(filepath.Join(r.home, "config.toml"))
	if err != nil {
		r.t.Fatal(err)
	}
	return out, nil
}

// keyPath is an address as the app server reads it: like TOML, but that a backslash
// stands for nothing but the character behind it.
func keyPath(a plan.Address) string {
	parts := make([]string, len(a))
	for i, part := range a {
		parts[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(part) + `"`
	}
	return strings.Join(parts, ".")
}

// sameEdits wants the same data but for empty tables, and of the comments at least
// those that Codex keeps.
func sameEdits(ours, theirs []byte) error {
	a, errA := tomlfile.Parse(ours)
	b, errB := tomlfile.Parse(theirs)
	if err := errors.Join(errA, errB); err != nil {
		return err
	}
	if !withoutEmpty(a.Root).Equal(withoutEmpty(b.Root)) {
		return errors.New("other data")
	}
	kept := comments(ours)
	for text, n := range comments(theirs) {
		if kept[text] < n {
			return fmt.Errorf("Codex keeps the comment %q", text)
		}
	}
	return nil
}

func withoutEmpty(v plan.Value) plan.Value {
	if v.Kind() != plan.KindTable {
		return v
	}
	var members []plan.Member
	for _, m := range v.Members() {
		if m.Value = withoutEmpty(m.Value); m.Value.Kind() != plan.KindTable || len(m.Value.Members()) > 0 {
			members = append(members, m)
		}
	}
	return plan.Table(members...)
}

// comments counts the comments of a file, by their text.
func comments(src []byte) map[string]int {
	found := map[string]int{}
	p := unstable.Parser{KeepComments: true}
	p.Reset([]byte(strings.TrimPrefix(string(src), "\ufeff")))
	var walk func(n *unstable.Node)
	walk = func(n *unstable.Node) {
		if n.Kind == unstable.Comment {
			found[strings.TrimSpace(string(n.Data))]++
		}
		for it := n.Children(); it.Next(); {
			walk(it.Node())
		}
	}
	for p.NextExpression() {
		for n := p.Expression(); n != nil; n = n.Next() {
			walk(n)
		}
	}
	return found
}

func total(counts map[string]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}
