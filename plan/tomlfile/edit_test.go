package tomlfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/editor"
)

func set(address string, v plan.Value) Edit {
	return Edit{Address: strings.Split(address, "."), Value: v}
}

func remove(address string) Edit { return Edit{Address: strings.Split(address, ".")} }

func lines(l ...string) string { return strings.Join(l, "\n") + "\n" }

// windows is a text as some editors save it there.
func windows(text string) string { return editor.Mark + strings.ReplaceAll(text, "\n", "\r\n") }

// TestPlacement has what the corpus does not: the outcome of edits, byte for byte.
func TestPlacement(t *testing.T) {
	one := plan.Int(1)
	tests := []struct {
		name, src string
		edits     []Edit
		want      string
	}{
		{
			"root keys below another tool's block",
			lines("a = 1", "# >>> tool >>>", "b = 2", "# <<< tool <<<", "[t]"),
			[]Edit{set("c", one)},
			lines("a = 1", "# >>> tool >>>", "b = 2", "# <<< tool <<<", "c = 1", "[t]"),
		},
		{
			"root keys above another tool's block with a header",
			lines("a = 1", "# >>> tool >>>", "b = 2", "[t]", "x = 1", "# <<< tool <<<"),
			[]Edit{set("c", one)},
			lines("a = 1", "c = 1", "# >>> tool >>>", "b = 2", "[t]", "x = 1", "# <<< tool <<<"),
		},
		{
			"keys of a table below another tool's block",
			lines("[t]", "# >>> tool >>>", "b = 2", "# <<< tool <<<", "# mine", "", "[u]"),
			[]Edit{set("t.c", one)},
			lines("[t]", "# >>> tool >>>", "b = 2", "# <<< tool <<<", "c = 1", "# mine", "", "[u]"),
		},
		{
			"keys of another tool's table stay in it",
			lines("# >>> tool >>>", "[t]", "b = 2", "[u]", "# <<< tool <<<"),
			[]Edit{set("t.c", one)},
			lines("# >>> tool >>>", "[t]", "b = 2", "c = 1", "[u]", "# <<< tool <<<"),
		},
		{
			"a table below another tool's block",
			lines("# >>> tool >>>", "[p.a]", "x = 1", "", "[u]", "# <<< tool <<<", "", "[v]"),
			[]Edit{set("p.b.c", one)},
			lines("# >>> tool >>>", "[p.a]", "x = 1", "", "[u]", "# <<< tool <<<", "", "[p.b]", "c = 1", "", "[v]"),
		},
		{
			"marks that do not match are comments",
			lines("# >>> one >>>", "a = 1", "# <<< two <<<", "", "[u]"),
			[]Edit{set("b", one)},
			lines("# >>> one >>>", "a = 1", "# <<< two <<<", "b = 1", "", "[u]"),
		},
		{
			"the comment of the first header stays with it",
			lines("# about t", "[t]"),
			[]Edit{set("a", one)},
			lines("a = 1", "", "# about t", "[t]"),
		},
		{
			"a schema line glued to the first header stays first",
			lines("#:schema x.json", "# about t", "[t]"),
			[]Edit{set("a", one)},
			lines("#:schema x.json", "", "a = 1", "", "# about t", "[t]"),
		},
		{
			"the header of an implied table goes above the comment of its first sub-table",
			lines("a = 1", "", "# about b.c", "[b.c]", "x = 1"),
			[]Edit{set("b.k", one)},
			lines("a = 1", "", "[b]", "k = 1", "", "# about b.c", "[b.c]", "x = 1"),
		},
		{
			"a table before a header without a blank line between",
			lines("[p.a]", "x = 1", "[u]"),
			[]Edit{set("p.b.c", one)},
			lines("[p.a]", "x = 1", "", "[p.b]", "c = 1", "", "[u]"),
		},
		{
			"keys of a new table and of its sub-table",
			"",
			[]Edit{set("a.b.c", one), set("a.b.d.e", one), set("a.b.f", one)},
			lines("[a.b]", "c = 1", "f = 1", "", "[a.b.d]", "e = 1"),
		},
		{
			"a table as a whole",
			lines("x = 1"),
			[]Edit{set("a", plan.Table(
				plan.Member{Key: "b", Value: one},
				plan.Member{Key: "c", Value: plan.Table(plan.Member{Key: "d", Value: plan.List(plan.Table(plan.Member{Key: "k", Value: one}))})},
				plan.Member{Key: "e", Value: plan.Table()},
			))},
			lines("x = 1", "", "[a]", "b = 1", "", "[a.c]", "d = [{ k = 1 }]", "", "[a.e]"),
		},
		{
			"a table onto another",
			lines("[a]", "b = 1 # kept", "c = 2", "[a.d]", "e = 3"),
			[]Edit{set("a", plan.Table(
				plan.Member{Key: "b", Value: one}, plan.Member{Key: "f", Value: one}))},
			lines("[a]", "b = 1 # kept", "f = 1"),
		},
		{"a table, emptied", lines("[a]", "b = 1"), []Edit{set("a", plan.Table())}, lines("[a]")},
		{"an empty table in an inline table", lines("a = { b = 1 }"), []Edit{set("a.c", plan.Table())}, lines("a = { b = 1, c = {} }")},
		{
			"dotted keys below dotted keys", lines("a.b = 1", "c = 1"),
			[]Edit{set("a.d.e", one), set("a.d.f", one)},
			lines("a.b = 1", "a.d.e = 1", "a.d.f = 1", "c = 1"),
		},
		{
			"dotted keys in an inline table", lines("a = { b.c = 1 }"),
			[]Edit{set("a.b.d", one), set("a.b.e.f", one)},
			lines("a = { b.c = 1, b.d = 1, b.e = { f = 1 } }"),
		},
		{
			"tight inline tables", lines("a={b=1,c=2}", "d={e=1}"),
			[]Edit{set("a.f", one), set("d.f", one)},
			lines("a={b=1,c=2,f=1}", "d={e=1,f=1}"),
		},
		{
			"a comma goes in front of a comment",
			lines("a = {", "  b = 1, # one", "  c = 2 # two", "}"),
			[]Edit{set("a.d", one)},
			lines("a = {", "  b = 1, # one", "  c = 2, # two", "  d = 1", "}"),
		},
		{
			"an inline table with nothing but a comment", lines("a = {", "  # none yet", "}"),
			[]Edit{set("a.b", one)},
			lines("a = {", "  # none yet", "  b = 1", "}"),
		},
		{
			"comments in a removed block stay",
			lines("x = 1", "", "# about t", "[t]", "# about a", "a = 1", "b = 1", "", "[u]"),
			[]Edit{remove("t")},
			lines("x = 1", "", "# about t", "# about a", "", "[u]"),
		},
		{
			"a comment in an inline table stays when its neighbour goes",
			lines("a = { b = 1, # one", "  c = 2 }"),
			[]Edit{remove("a.c")},
			lines("a = { b = 1 # one", "   }"),
		},
		{"two blank lines apart", lines("[a]", "", "", "[b]", "x = 1", "", "", "[c]"), []Edit{remove("b")}, lines("[a]", "", "", "[c]")},
		{"no blank lines apart", lines("[a]", "[b]", "x = 1", "[c]"), []Edit{remove("b")}, lines("[a]", "[c]")},
		{"the last line of an open file", "a = 1\r\nb = 2", []Edit{remove("b")}, "a = 1"},
		{
			"single quotes stay where they can", "a = 'x'\nb = 'y'\nc = '''z'''\n",
			[]Edit{set("a", plan.Str("tab\tand \\")), set("b", plan.Str("it's")), set("c", plan.Str("z2"))},
			"a = 'tab\tand \\'\nb = \"it's\"\nc = \"z2\"\n",
		},
		{
			"controls are escaped", "",
			[]Edit{set("a", plan.Str("\x00\x1b\x7f\"\\\r\n\t\u0085\u2028é"))},
			"a = \"\\u0000\\u001B\\u007F\\\"\\\\\\r\\n\\t\u0085\u2028é\"\n",
		},
		{
			"keys are quoted where they must", "",
			[]Edit{{Address: plan.Address{"a b", "", "ü"}, Value: one}},
			"[\"a b\".\"\"]\n\"ü\" = 1\n",
		},
		{
			"numbers and times", "",
			[]Edit{
				set("a", plan.Int(-9223372036854775808)), set("b", plan.Float(1)),
				set("c", plan.Time("2025-01-02 03:04:05.60+00:00")),
			},
			"a = -9223372036854775808\nb = 1.0\nc = 2025-01-02T03:04:05.6Z\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Apply([]byte(tt.src), tt.edits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(r.Data)); diff != "" {
				t.Errorf("wrong bytes (-want +got):\n%s", diff)
			}
			if err := allTakenBack([]byte(tt.src), tt.edits, r); err != nil {
				t.Errorf("taken back: %v", err)
			}
			if tt.src == "" || strings.Contains(tt.src, "\r") {
				return
			}
			if r, err = Apply([]byte(windows(tt.src)), tt.edits); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(windows(tt.want), string(r.Data)); diff != "" {
				t.Errorf("wrong bytes with a mark and CRLF (-want +got):\n%s", diff)
			}
		})
	}
}

// TestInOrder has edits that are in the way of each other: each sees what the one
// before did.
func TestInOrder(t *testing.T) {
	r, err := Apply([]byte("a = 1\n"), []Edit{
		set("a", plan.Int(2)), remove("a"), set("a.b", plan.Int(3)), set("a.c", plan.Int(4)), remove("a.b"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := "[a]\nc = 4\n"; string(r.Data) != want {
		t.Errorf("got %q, want %q", r.Data, want)
	}
	r, err = Apply([]byte("a.b = 1\n"), []Edit{set("a", plan.Table())})
	if want := "[a]\n"; err != nil || string(r.Data) != want {
		t.Errorf("got %q, %v, want %q", r.Data, err, want)
	}
}

// TestNoChange has edits that change nothing: the same slice comes back.
func TestNoChange(t *testing.T) {
	src := []byte("\ufeffa = 0x10\r\nb = { c = [ 1, 2 ] }\r\n[t]\r\nn = nan\r\nd = 1979-05-27T07:32:00.0Z")
	edits := []Edit{
		set("a", plan.Int(16)), set("b.c", plan.List(plan.Int(1), plan.Int(2))), set("t.d", plan.Time("1979-05-27 07:32:00Z")),
		remove("no"), remove("t.no.no"), remove("a.no"), set("b", plan.Table(plan.Member{Key: "c", Value: plan.List(plan.Int(1), plan.Int(2))})),
	}
	r, err := Apply(src, edits)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(src), string(r.Data)); diff != "" {
		t.Errorf("changed (-before +after):\n%s", diff)
	}
	for i, note := range r.Notes {
		if note != "" {
			t.Errorf("%s: changed nothing, yet %s", edits[i].Address, note)
		}
	}
}
