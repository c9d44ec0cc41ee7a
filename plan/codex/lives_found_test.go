package codex_test

import (
	"strings"
	"testing"
)

// TestLivesFound are lives that the fuzzer found, held against the model at every step.
func TestLivesFound(t *testing.T) {
	policy := func(text string) []want { return parsePolicy(strings.Fields(text)) }
	for name, l := range map[string]life{
		"a value where only a table around a key of ours was left": {
			start: "m.n = { a = 2009 } # so\n",
			acts: []act{
				{verb: "apply", policy: policy("m.o.a=723")},
				{verb: "remove", at: "m.n.a", n: 1},
				{verb: "apply", policy: policy("m=688")},
				{verb: "destroy"},
			},
		},
		"the same below a header": {
			start: "[m]\nn.a = 2003\no.a = 2004\n",
			acts: []act{
				{verb: "apply", policy: policy("default m.n.b=59")},
				{verb: "remove", at: "m.n.a", n: 1},
				{verb: "apply", policy: policy("m.n=686")},
				{verb: "destroy"},
			},
		},
		"a key of theirs that they removed, a default there, a rollback, and the first again": {
			start: "[u]\na = 2003\nb = 2004\n",
			acts: []act{
				{verb: "apply", policy: policy("u.b=2004")},
				{verb: "remove", at: "u.b", n: 1},
				{verb: "apply", policy: policy("default u.b=513")},
				{verb: "rollback"},
				{verb: "apply", policy: policy("u.b=2004")},
				{verb: "destroy"},
			},
		},
		"a rollback of a rollback to what was there before somebody wrote over an earlier key": {
			acts: []act{
				{verb: "apply", policy: policy("x=536")},
				{verb: "write", at: "x"},
				{verb: "apply", policy: policy("y=501")},
				{verb: "apply", policy: policy("x=496")},
				{verb: "rollback", n: 1},
				{verb: "rollback"},
				{verb: "destroy"},
			},
		},
		"a rollback that changes no file after what somebody wrote was wanted": {
			acts: []act{
				{verb: "apply", policy: policy("default x=795 z=216")},
				{verb: "write", at: "x"},
				{verb: "apply", policy: policy("y=501")},
				{verb: "apply", policy: policy("x=1001 z=216")},
				{verb: "rollback", n: 1},
				{verb: "destroy"},
			},
		},
		"a value where a table of ours was, a lost ledger, and a rollback": {
			acts: []act{
				{verb: "apply", policy: policy("m.n.a=550")},
				{verb: "apply", policy: policy("m=866")},
				{verb: "lose", n: 0},
				{verb: "apply", policy: policy("m=866")},
				{verb: "rollback", n: 1},
			},
		},
		"the same with the ledger of another home": {
			start: "z = 2001\n",
			acts: []act{
				{verb: "apply", policy: policy("m.o.a=334")},
				{verb: "apply", policy: policy("m=491")},
				{verb: "lose", policy: policy("m.o.a=400")},
				{verb: "rollback"},
			},
		},
		"a key taken away that somebody wrote anew, taken away again, a rollback behind both": {
			start: "[u]\na = 2002\nb = 2003\n",
			acts: []act{
				{verb: "apply", policy: policy("absent u.b")},
				{verb: "write", at: "u.b"},
				{verb: "apply", policy: policy("x=325")},
				{verb: "apply", policy: policy("absent u.b")},
				{verb: "rollback", n: 1},
				{verb: "destroy"},
			},
		},
		"a key of an inline table that somebody removed, an undo, a value in the table's place": {
			start: "[t]\nb = 2003\nm.n = { a = 2010 }\n",
			acts: []act{
				{verb: "refuse", policy: policy("default t.m.n.b=449"), at: "t.m.n.a"},
				{verb: "apply", policy: policy("absent t.m")},
				{verb: "apply", policy: policy("t.m=279")},
			},
		},
		"the same at the root": {
			start: "y = 2001\nm.n = { a = 2010 }\n[t]\nb = 2003\n",
			acts: []act{
				{verb: "refuse", policy: policy("default m.n.b=449"), at: "m.n.a"},
				{verb: "apply", policy: policy("absent m")},
				{verb: "apply", policy: policy("m=279")},
			},
		},
		"an undo beside a table of ours that comes back, in a file with an open end": {
			start: "[m]\n# why 2005\nn.a = 2004\n\no.a = 2006",
			acts: []act{
				{verb: "apply", policy: policy("t.s.p=124 absent m.n.a")},
				{verb: "refuse", policy: policy("default t.a=149"), at: "m.o.a"},
			},
		},
		"an undo of a key that somebody removed beside a table of ours that comes back": {
			start: "y = 2001\n",
			acts: []act{
				{verb: "apply", policy: policy("t.s.p=652")},
				{verb: "refuse", policy: policy("t.a=701"), at: "t.a"},
			},
		},
		"a rollback behind what the user wrote over a key of ours, and a destroy": {
			start: "y = 2001\n",
			acts: []act{
				{verb: "apply", policy: policy("x=2")},
				{verb: "apply", policy: policy("default x=68")},
				{verb: "write", at: "x"},
				{verb: "destroy"},
				{verb: "rollback", n: 1},
			},
		},
		"an undo spells a key of ours anew, and it is given back": {
			start: "m.n = { a = 2002 }\n[[arr]]\nk = \"v\"\n",
			acts: []act{
				{verb: "apply", policy: policy("m.o.a=366 absent m.n")},
				{verb: "refuse", at: "t.b", n: 1},
			},
		},
		"the same, and another policy": {
			start: "y = 2001\nm.n = { a = 2004 }\n[t.s]\nq = 2003\n",
			acts: []act{
				{verb: "apply", policy: policy("m.o.a=489")},
				{verb: "refuse", policy: policy("absent t.s.q absent m"), at: "t.s.q", n: 1},
				{verb: "apply", policy: policy("default u.b=330")},
			},
		},
		"a rollback behind two writings of the user's over a key of ours": {
			start: "y = 2001\n",
			acts: []act{
				{verb: "apply", policy: policy("x=2")},
				{verb: "write", at: "x"},
				{verb: "apply", policy: policy("x=3 z=5")},
				{verb: "write", at: "x"},
				{verb: "destroy"},
				{verb: "rollback", n: 1},
			},
		},
		"an undo of a value in the place of a table of ours, whose header is ours too": {
			start: "y = 2001\n",
			acts: []act{
				{verb: "apply", policy: policy("default t.s.q=715")},
				{verb: "refuse", policy: policy("t.s=688"), n: 1, at: "m.n.b"},
				{verb: "destroy"},
			},
		},
		"a repair of what the user wrote over an earlier repair": {
			start: "y = 2001\n[t.s]\np = 5\n",
			acts: []act{
				{verb: "apply", repair: true},
				{verb: "write", at: "t.s.p"},
				{verb: "apply", repair: true},
				{verb: "destroy"},
			},
		},
		"a number in the user's own spelling, another, and the user's again": {
			start: "x = 0x7d1 # so\n",
			acts: []act{
				{verb: "apply", policy: policy("x=72")},
				{verb: "apply", policy: policy("x=2001")},
			},
		},
		"the same by a rollback": {
			start: "x = 0x7d1 # so\n",
			acts: []act{
				{verb: "apply", policy: policy("x=2001 z=1")},
				{verb: "apply", policy: policy("x=72 z=1")},
				{verb: "rollback"},
			},
		},
		"the same where all is written anew, and another again": {
			start: "x = 0x7d1 # so\n",
			acts: []act{
				{verb: "apply", policy: policy("x=72 z=1")},
				{verb: "apply", policy: policy("x=2001")},
				{verb: "apply", policy: policy("x=72")},
			},
		},
		"a rollback behind the return of a table of ours that somebody took away": {
			start: "y = 2001\n",
			acts: []act{
				{verb: "apply", policy: policy("t.s.p=1")},
				{verb: "remove", at: "t.s.p", n: 1},
				{verb: "apply", policy: policy("t.s.p=1")},
				{verb: "rollback"},
			},
		},
		"a key that somebody took away beside a table of ours, which goes": {
			start: "y = 2001\n",
			acts: []act{
				{verb: "apply", policy: policy("t.a=1 t.s.p=2")},
				{verb: "remove", at: "t.a"},
			},
		},
		"a rollback to a table in whose place the user has a value now": {
			start: "y = 2001\n",
			acts: []act{
				{verb: "apply", policy: policy("t.a=1")},
				{verb: "apply"},
				{verb: "write", at: "t"},
				{verb: "rollback"},
			},
		},
		"a rollback to a value in whose place the user has a table now": {
			start: "y = 2001\n",
			acts: []act{
				{verb: "apply", policy: policy("t=5")},
				{verb: "apply"},
				{verb: "write", at: "t.a"},
				{verb: "apply", policy: policy("absent t")},
				{verb: "apply"},
				{verb: "rollback", n: 2},
			},
		},
		"a table under absent and a key in it": {
			start: "y = 2001\n[t]\na = 1\nb = 2\n",
			acts: []act{
				{verb: "apply", policy: policy("absent t.a absent t")},
				{verb: "apply", policy: policy("absent t.a")},
			},
		},
		"a table that comes to stand above one of ours in it, which goes": {
			start: "[u]\na = 2004\n",
			acts: []act{
				{verb: "apply", policy: policy("t.s.q=487")},
				{verb: "apply", policy: policy("m.n.b=219 t.s.q=800 t.a=139")},
				{verb: "apply", policy: policy("default t.a=135")},
			},
		},
		"an inline table that a second policy writes into": {
			start: "y = 5\nu = {b = 2006}\n",
			acts: []act{
				{verb: "apply", policy: policy("x=682")},
				{verb: "apply", policy: policy("z=1 u.a=808"), repair: true},
				{verb: "apply", repair: true},
			},
		},
		"the same below a table of the user's": {
			start: "y = 2001\n[t]\na = 5\n",
			acts: []act{
				{verb: "apply", policy: policy("t.s.p=1 t.s.q=2")},
				{verb: "remove", at: "t.s.p", n: 1},
				{verb: "remove", at: "t.s.q", n: 1},
				{verb: "apply", policy: policy("t.s.p=1 t.s.q=2")},
				{verb: "rollback"},
			},
		},
		"an undo of a table in the place of a value of ours, one key of which somebody removed": {
			start: "[u]\na = 2001\n",
			acts: []act{
				{verb: "apply", policy: policy("t=410")},
				{verb: "refuse", policy: policy("t.s=569 t.b=775"), at: "t.b"},
			},
		},
		"a rollback without a ledger, of a value in the place of a table of ours": {
			start: "[u]\na = 2001\n",
			acts: []act{
				{verb: "apply", policy: policy("t.s.p=782")},
				{verb: "apply", policy: policy("t.s=171")},
				{verb: "lose", n: 2},
				{verb: "rollback", n: 1},
			},
		},
		"a rollback behind a default that somebody wrote over, and a policy then wanted": {
			acts: []act{
				{verb: "apply", policy: policy("default m.n.b=464 default x=702")},
				{verb: "write", at: "x"},
				{verb: "apply"},
				{verb: "apply", policy: policy("x=1001")},
				{verb: "rollback", n: 1},
			},
		},
		"the same, where the table stood in another": {
			start: "[u]\na = 2001\n",
			acts: []act{
				{verb: "apply", policy: policy("absent u")},
				{verb: "apply", policy: policy("default m.n.a=283")},
				{verb: "apply", policy: policy("m=116")},
				{verb: "lose", n: 0},
				{verb: "rollback", n: 2},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var log []string
			if err := l.play(&log); err != nil {
				t.Errorf("%v\n%s", err, strings.Join(log, "\n"))
			}
		})
	}
}

// What stops a policy is named where it stands, and without a line where an earlier
// policy took it away.
func TestLivesOfPlaces(t *testing.T) {
	for name, tt := range map[string]struct{ before, want string }{
		"it is there": {"y=2", "config.toml:2:1: m cannot be set to an integer: it is a table"},
		"it is gone":  {"absent m", "config.toml: m cannot be set to an integer: it is a table among what you had before codexform"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHome("y = 1\nm = { a = 1 }\n")
			if err := h.step(tt.before); err != nil {
				t.Fatal(err)
			}
			if err := h.step("m=3"); err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// TestLivesOverDrift rolls back an apply that enforced a key over somebody's writing:
// what comes back is theirs, whatever follows.
func TestLivesOverDrift(t *testing.T) {
	policy := func(text string) []want { return parsePolicy(strings.Fields(text)) }
	for _, kind := range []string{"", "default "} {
		for _, hand := range []string{"write", "remove"} {
			for name, then := range map[string]act{
				"destroy":          {verb: "destroy"},
				"another rollback": {verb: "rollback"},
				"the same policy":  {verb: "apply", policy: policy(kind + "y=803")},
				"another":          {verb: "apply", policy: policy(kind + "y=804")},
				"a removal":        {verb: "apply", policy: policy("absent y")},
				"nothing":          {verb: "apply"},
			} {
				t.Run(kind+hand+", then "+name, func(t *testing.T) {
					l := life{start: "a = 2001\n", acts: []act{
						{verb: "apply", policy: policy(kind + "y=803")},
						{verb: hand, at: "y"},
						{verb: "apply", policy: policy(kind + "y=803")},
						{verb: "rollback"},
						then,
						{verb: "destroy"},
					}}
					var log []string
					if err := l.play(&log); err != nil {
						t.Errorf("%v\n%s", err, strings.Join(log, "\n"))
					}
				})
			}
		}
	}
}
