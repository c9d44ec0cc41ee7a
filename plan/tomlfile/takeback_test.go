package tomlfile

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan"
)

// TestTakeBackAfterChanges takes edits back from a file in which the user changed
// something meanwhile: nothing of that is lost, and the rest returns.
func TestTakeBackAfterChanges(t *testing.T) {
	one := plan.Int(1)
	provider := []Edit{set("p.x.name", plan.Str("X")), set("p.x.url", plan.Str("u"))}
	tests := []struct {
		name, src string
		edits     []Edit
		old, new  string // what the user replaces
		want      string
	}{
		{
			"a key below our header", "a = 1\n", provider, "url = \"u\"\n", "url = \"u\"\nmine = 2\n",
			lines("a = 1", "", "[p.x]", "mine = 2"),
		},
		{
			"a comment below our header", "a = 1\n", provider, "url = \"u\"\n", "url = \"u\"\n# mine\n",
			lines("a = 1", "# mine"),
		},
		{
			"a sub-table of our table", "a = 1\n", provider, "url = \"u\"\n", "url = \"u\"\n\n[p.x.headers]\nmine = 2\n",
			lines("a = 1", "", "[p.x.headers]", "mine = 2"),
		},
		{
			"a table behind ours", "a = 1\n", provider, "url = \"u\"\n", "url = \"u\"\n\n[mine]\nb = 2\n",
			lines("a = 1", "", "[mine]", "b = 2"),
		},
		{"the blank line is gone", "a = 1\n", provider, "\n[p.x]", "[p.x]", lines("a = 1")},
		{"our key has another value", "a = 1\n", provider, `"u"`, `"other" # mine`, lines("a = 1")},
		{"our key moved", "a = 1\n", provider, "name = \"X\"\nurl = \"u\"\n", "url = \"u\"\nname = \"X\"\n", lines("a = 1")},
		{"a root key below ours", "[t]\n", []Edit{set("a", one)}, "a = 1\n", "a = 1\nmine = 2\n", lines("mine = 2", "", "[t]")},
		{
			"a changed value back to its old spelling", "a = [ 1, # one\n  2 ]\n",
			[]Edit{set("a", one)},
			"a = 1", "# mine\na  =  1",
			"# mine\na  =  [ 1, # one\n  2 ]\n",
		},
		{
			"a removed line between its neighbours", lines("a = 1", "b = 'x' # why", "c = 3"),
			[]Edit{remove("b")},
			"a = 1\n", "mine = 0\na = 1\n",
			lines("mine = 0", "a = 1", "b = 'x' # why", "c = 3"),
		},
		{
			"a removed line, one neighbour gone", lines("a = 1", "b = 'x' # why", "c = 3"),
			[]Edit{remove("b")},
			"a = 1\n", "mine = 0\n",
			lines("mine = 0", "b = 'x' # why", "c = 3"),
		},
		{
			"a removed line whose table moved", lines("[t]", "a = 1", "b = 0x2", "[u]", "c = 3"),
			[]Edit{remove("t.b")},
			"[t]\na = 1\n[u]\nc = 3\n", "[u]\nc = 3\n[t]\na = 1\n", lines("[u]", "c = 3", "[t]", "a = 1", "b = 0x2"),
		},
		{
			"a removed line whose table is gone", lines("[t]", "a = 1", "b = 0x2", "[u]", "c = 3"),
			[]Edit{remove("t.b")},
			"[t]\na = 1\n", "", lines("[u]", "c = 3", "", "[t]", "b = 0x2"),
		},
		{
			"a removed line that is there again", lines("a = 1", "b = 0x2", "c = 3"),
			[]Edit{remove("b")},
			"c = 3\n", "c = 3\nb = 7\n",
			lines("a = 1", "c = 3", "b = 2"),
		},
		{
			"a removed table between its neighbours", lines("[a]", "", "# t", "[t]", "b = 0x2", "", "[c]"),
			[]Edit{remove("t")},
			"[a]\n", "[a]\nmine = 1\n",
			lines("[a]", "mine = 1", "", "# t", "[t]", "b = 0x2", "", "[c]"),
		},
		{
			"a removed pair between its neighbours", "t = { a = 1, b = 0x2, c = 3 }\n",
			[]Edit{remove("t.b")},
			"a = 1", "mine = 0, a = 5",
			"t = { mine = 0, a = 5, b = 0x2, c = 3 }\n",
		},
		{"a removed pair, a neighbour gone", "t = { a = 1, b = 0x2, c = 3 }\n", []Edit{remove("t.b")}, "a = 1, ", "", "t = { c = 3, b = 2 }\n"},
		{"an inline table that we filled", "t = {  }\n", []Edit{set("t.u.v", one)}, "v = 1", "v = 1, mine = 2", "t = { u = { mine = 2 } }\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Apply([]byte(tt.src), tt.edits)
			if err != nil {
				t.Fatal(err)
			}
			taking, err := backwards([]byte(tt.src), tt.edits, r)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(r.Data, []byte(tt.old)) {
				t.Fatalf("no %q in %q", tt.old, r.Data)
			}
			changed := bytes.Replace(r.Data, []byte(tt.old), []byte(tt.new), 1)
			back, err := Apply(changed, taking)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(back.Data)); diff != "" {
				t.Errorf("wrong bytes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTakeBackOneByOne takes back the guide's edits in as many runs, in any order: the
// header goes with its last key.
func TestTakeBackOneByOne(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, name := range []string{"199-life-desk-machine-crlf-bom.toml", "205-life-tables-only.toml", "001-empty-file-full-guide.toml"} {
		src := readFile(t, name)
		done, err := Apply(src, guide())
		if err != nil {
			t.Fatal(err)
		}
		taking, err := backwards(src, guide(), done)
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			random.Shuffle(len(taking), func(i, j int) { taking[i], taking[j] = taking[j], taking[i] })
			data := done.Data
			for _, e := range taking {
				r, err := Apply(data, []Edit{e})
				if err != nil {
					t.Fatalf("%s: %s: %v", name, e.Address, err)
				}
				data = r.Data
			}
			if diff := cmp.Diff(string(src), string(data)); diff != "" {
				t.Fatalf("%s: not the original bytes (-want +got):\n%s", name, diff)
			}
		}
	}
}

// TestTakeBackLater takes back the creation of a key that was changed by us later on:
// what is kept is the first edit's note.
func TestTakeBackLater(t *testing.T) {
	src := []byte("# mine\n[t]\nb = 'x'\n")
	first, err := Apply(src, []Edit{set("a", plan.Int(1)), set("t.b", plan.Str("y"))})
	if err != nil {
		t.Fatal(err)
	}
	second, err := Apply(first.Data, []Edit{set("a", plan.List(plan.Int(1))), set("t.b", plan.Int(9))})
	if err != nil {
		t.Fatal(err)
	}
	back, err := Apply(second.Data, []Edit{
		{Address: plan.Address{"t", "b"}, Value: plan.Str("x"), TakeBack: first.Notes[1]},
		{Address: plan.Address{"a"}, TakeBack: first.Notes[0]},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(src), string(back.Data)); diff != "" {
		t.Errorf("not the original bytes (-want +got):\n%s", diff)
	}
}

// TestTakeBackOldestFirst takes back what an earlier run made around a key, while the key
// of a later run still stands in it: that goes with the last one.
func TestTakeBackOldestFirst(t *testing.T) {
	one := plan.Int(1)
	tests := []struct {
		name, src     string
		first, second []Edit
		between       string // once the first is taken back
	}{
		{"a header", "a = 1\n", []Edit{set("p.x", one)}, []Edit{set("p.y", one)}, lines("a = 1", "", "[p]", "y = 1")},
		{"the first root keys", "[t]\n", []Edit{set("a", one)}, []Edit{set("b", one)}, lines("b = 1", "", "[t]")},
		{"an inline table", "t = { a = 1 }\n", []Edit{set("t.u.v", one)}, []Edit{set("t.u.w", one)}, "t = { a = 1, u = { w = 1 } }\n"},
		{"an inline table in an inline table", "t = {}\n", []Edit{set("t.u.v", one)}, []Edit{set("t.u.w.x", one)}, "t = { u = { w = { x = 1 } } }\n"},
		{"a header in the same run", "a = 1\nb = 2\n", []Edit{set("p.x", one), remove("b")}, []Edit{set("p.y", one)}, lines("a = 1", "b = 2", "", "[p]", "y = 1")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data, taking, err := inOrder([]byte(tt.src), [][]Edit{tt.first, tt.second})
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range []string{tt.between, tt.src} {
				r, err := Apply(data, taking[i], notes(taking[i:])...)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, string(r.Data)); diff != "" {
					t.Errorf("run %d taken back (-want +got):\n%s", i+1, diff)
				}
				data = r.Data
			}
		})
	}
}

// TestTakeBackTells looks into the notes of edits around secrets: they hold what
// stood at their own key and nothing else of the file, as plain JSON strings can.
func TestTakeBackTells(t *testing.T) {
	src := lines(`top = "hunter-top" # hunter-comment`, `# hunter-line`, `mine = "own"`, `other = "hunter-other"`, "",
		"[t]", `a = "hunter-a"`, `b = "own"`, `c = { x = "hunter-x", y = "own", z = "hunter-z" }`, `d = {}`, `# hunter-last`)
	for _, edits := range [][]Edit{
		{set("mine", plan.Int(1)), set("t.b", plan.Int(2)), set("t.c.y", plan.Int(3)), set("t.d.e.f", plan.Int(4))},
		{remove("mine"), remove("t.b"), remove("t.c.y"), remove("t.d")},
		{set("new", plan.Int(1)), set("t.new", plan.Int(2)), set("t.c.new", plan.Int(3)), set("u.new", plan.Int(4))},
	} {
		r, err := Apply([]byte(src), edits)
		if err != nil {
			t.Fatal(err)
		}
		for i, note := range r.Notes {
			if note == "" || !json.Valid([]byte(note)) || strings.Contains(string(note), "hunter") {
				t.Errorf("%s: %s", edits[i].Address, note)
			}
		}
	}
}

// TestTakeBackForged gives Apply notes that are none, or someone else's: the plain
// edit is made.
func TestTakeBackForged(t *testing.T) {
	src := []byte("a = 1\nt = { b = 2 }\n")
	for _, note := range []plan.Note{
		"x", "{}", "[]", "[{}]", `[{"old":"1\nb = 2"}]`, `[{"old":"]"}]`, `[{"cut":[{"text":"c = 3\n","before":null,"after":null}]}]`,
		`[{"cut":[{"text":"]]","table":["t"],"left":""}]}]`, `[{"new":true,"frames":[{"at":["t"],"gap":"b = 3"},{"at":["no"],"above":true}]}]`,
		`[{"below":["x"],"new":true}]`, `[{"cut":[{"text":"c = 3\n","eol":"]","before":["=a"],"after":["=t"]}]}]`,
	} {
		for _, e := range []Edit{{Address: plan.Address{"a"}}, {Address: plan.Address{"t", "b"}}, set("a", plan.Int(7)), set("c", plan.Int(7))} {
			want, err := Apply(src, []Edit{e})
			if err != nil {
				t.Fatal(err)
			}
			e.TakeBack = note
			got, err := Apply(src, []Edit{e})
			if err != nil || !bytes.Equal(got.Data, want.Data) {
				t.Errorf("%s %v with %s: got %q, %v, want %q", e.Address, e.Value, note, got.Data, err, want.Data)
			}
		}
	}
}

// TestTakeBackBesideEdits: where other edits are in each other's way, one that is in nobody's
// still brings back the bytes.
func TestTakeBackBesideEdits(t *testing.T) {
	const src = "x = 0x10 # sixteen\n\n[t]\np = 1\n"
	x := plan.Address{"x"}
	first, err := Apply([]byte(src), []Edit{{Address: x, Value: plan.Int(5)}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Apply(first.Data, []Edit{
		{Address: x, Value: plan.Int(16), TakeBack: first.Notes[0]},
		{Address: plan.Address{"t"}},
		{Address: plan.Address{"t", "q"}, Value: plan.Int(2)},
	})
	if err != nil || !strings.HasPrefix(string(got.Data), "x = 0x10 # sixteen\n") {
		t.Errorf("got %q, %v", got.Data, err)
	}
}

// TestTakeBackWhereSomebodyWrote takes the removal of a table back from a file in which its
// header stands again: what was in it comes back with its comments and spellings.
func TestTakeBackWhereSomebodyWrote(t *testing.T) {
	both := plan.Table(
		plan.Member{Key: "b", Value: plan.Int(2)}, plan.Member{Key: "a", Value: plan.Int(16)},
		plan.Member{Key: "s", Value: plan.Table(plan.Member{Key: "q", Value: plan.Str("q")}, plan.Member{Key: "r", Value: plan.Int(3)})},
	)
	for _, tt := range []struct{ name, src, now, want string }{
		{
			"its own header", lines("[t]", "a = 0x10 # mine", "", "[t.s]", "q = 'q' # too", "r = 3"), lines("[t]", "b = 2 # theirs"),
			lines("[t]", "b = 2 # theirs", "a = 0x10 # mine", "", "[t.s]", "q = 'q' # too", "r = 3"),
		},
		{
			"the header of a table below", lines("[t]", "a = 0x10 # mine", "s.q = 'q' # too"), lines("[t]", "b = 2", "", "[t.s]", "r = 3 # theirs"),
			lines("[t]", "b = 2", "a = 0x10 # mine", "", "[t.s]", "r = 3 # theirs", "q = 'q' # too"),
		},
		{
			"dotted keys at the root", lines("t.a = 0x10 # mine", "t.s.q = 'q' # too"), lines("t.b = 2", "t.s.r = 3"),
			lines("t.a = 0x10 # mine", "t.s.q = 'q' # too", "t.b = 2", "t.s.r = 3"),
		},
		{
			"another value for one of them", lines("[t]", "a = 0x11 # mine", "s.q = 'q' # too"), lines("[t]", "b = 2", "a = 16", "s.r = 3"),
			lines("[t]", "b = 2", "a = 16", "s.r = 3", "s.q = 'q' # too"),
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			gone, err := Apply([]byte(tt.src), []Edit{remove("t")})
			if err != nil {
				t.Fatal(err)
			}
			back, err := Apply([]byte(tt.now), []Edit{{Address: plan.Address{"t"}, Value: both, TakeBack: gone.Notes[0]}})
			if diff := cmp.Diff(tt.want, string(back.Data)); diff != "" || err != nil {
				t.Errorf("taken back, -want +got:\n%s%v", diff, err)
			}
		})
	}
}
