package codex_test

import (
	"strings"
	"testing"
)

// TestLivesByName are lives that once went wrong, each with what is left after every step.
// A step is what is done, "=>", and config.toml then; without the arrow it is as before
// us.
func TestLivesByName(t *testing.T) {
	for name, tt := range map[string]struct {
		start string
		steps []string
	}{
		"a key taken away, then its table": {
			"[a]\nb = 1\nc = 2\n",
			[]string{"absent a.b => [a]\nc = 2\n", "absent a => ", "destroy"},
		},
		"settings, then a default, over a value of the user's": {
			"x = 1\n",
			[]string{"x=2 => x = 2\n", "default x=3", "destroy"},
		},
		"a rollback of the removal of a table with a key of ours": {
			"[s]\nx = 1\n",
			[]string{"s.x=2 => [s]\nx = 2\n", "absent s => ", "rollback 1"},
		},
		"the same, one step back": {
			"[s]\nx = 1\n",
			[]string{"s.x=2 => [s]\nx = 2\n", "absent s => ", "rollback 2 => [s]\nx = 2\n", "destroy"},
		},
		"settings, then a default, rolled back, destroyed, where there was nothing": {
			"y = 1\n",
			[]string{"x=2 => y = 1\nx = 2\n", "default x=3 => y = 1\nx = 3\n", "rollback 1", "destroy"},
		},
		"a lost ledger, a rollback, a destroy": {
			"y = 1\n[t]\na = 1\n",
			[]string{"x=2 t.a=3 absent y => x = 2\n[t]\na = 3\n", "forget => x = 2\n[t]\na = 3\n", "rollback 1 => y = 1\n\n[t]\na = 1\n", "destroy => y = 1\n\n[t]\na = 1\n"},
		},
		"a lost ledger, the same policy, a rollback, a destroy": {
			"y = 1\n",
			[]string{"x=2 => y = 1\nx = 2\n", "forget => y = 1\nx = 2\n", "x=2 => y = 1\nx = 2\n", "rollback 1", "destroy"},
		},
		"a table taken away, then settings below it": {
			"[p.g]\nname = 1\nurl = 2\n",
			[]string{"absent p.g => ", "p.g.name=3 p.g.key=4 => [p.g]\nname = 3\nurl = 2\nkey = 4\n", "destroy"},
		},
		"a table taken away, then one key of it": {
			"[t]\na = 1\nb = 2\n",
			[]string{"absent t => ", "absent t.b => [t]\na = 1\n", "destroy"},
		},
		"a default that we wrote, changed, rolled back, applied again": {
			"y = 1\n",
			[]string{"default x=2 => y = 1\nx = 2\n", "default x=3 => y = 1\nx = 3\n", "rollback 2 => y = 1\nx = 2\n", "default x=2 => y = 1\nx = 2\n", "destroy"},
		},
		"a table taken away, a key of it wanted as it was, one step back": {
			"[t]\na = 1\n",
			[]string{"absent t => ", "t.a=1 => [t]\na = 1\n", "rollback 2 => ", "rollback 1"},
		},
		"the same after a destroy": {
			"[t]\na = 1\n",
			[]string{"absent t => ", "t.a=1 => [t]\na = 1\n", "destroy", "rollback 2 => ", "destroy"},
		},
		"a key wanted as it was, before its table goes again": {
			"y = 1\n[t]\na = 1\n",
			[]string{"u.b.c=2 absent t => y = 1\n\n[u.b]\nc = 2\n", "rollback 1", "t.a=1", "rollback 2 => y = 1\n\n[u.b]\nc = 2\n", "absent y => [t]\na = 1\n", "destroy"},
		},
		"settings that make a table, then a value of its name": {
			"y = 1\n",
			[]string{"t.a=2 => y = 1\n\n[t]\na = 2\n", "t=3 => y = 1\nt = 3\n", "t.a=4 => y = 1\n\n[t]\na = 4\n", "destroy"},
		},
		"settings and absent in one table": {
			"[t]\na = 1\n",
			[]string{"t.b=2 absent t.a => [t]\nb = 2\n", "destroy"},
		},
		"settings and absent in one table, all of the file": {
			"",
			[]string{"t.b=2 absent t.a => [t]\nb = 2\n", "destroy"},
		},
		"written over a default, given up, wanted, rolled back to before it": {
			"y = 1\n",
			[]string{
				"default x=5 => y = 1\nx = 5\n", "write x => y = 1\nx = 1001\n", "z=2 => y = 1\nx = 1001\nz = 2\n",
				"x=1001 => y = 1\nx = 1001\n", "rollback 1 => y = 1\nx = 1001\n", "destroy => y = 1\nx = 1001\n",
			},
		},
		"the same over a value of the user's, and after a lost ledger": {
			"x = 1\n",
			[]string{
				"x=5 => x = 5\n", "write x => x = 1001\n", "z=2 => x = 1001\nz = 2\n", "x=1001 => x = 1001\n",
				"forget => x = 1001\n", "rollback 1 => x = 1001\n", "destroy => x = 1001\n",
			},
		},
		"written over ours, written over by us, adopted after a lost ledger, rolled back": {
			"y = 1\n",
			[]string{
				"x=5 => y = 1\nx = 5\n", "write x => y = 1\nx = 1001\n", "x=7 => y = 1\nx = 7\n", "forget => y = 1\nx = 7\n",
				"x=7 z=2 => y = 1\nx = 7\nz = 2\n", "rollback 1", "destroy",
			},
		},
		"a pair of an inline table that was right already, then taken away beside one of ours": {
			"u = {b = 6} # so\n",
			[]string{"u.b=6", "u.a=8 absent u.b => u = {a = 8} # so\n", "absent u.b => u = {} # so\n", "destroy"},
		},
		"the user writes below a table that is taken away": {
			"[t]\na = 1\n",
			[]string{"absent t => ", "write t.b => [t]\nb = 1001\n", "destroy => [t]\nb = 1001\na = 1\n"},
		},
		"taken away twice": {
			"[t]\na = 1\n",
			[]string{"absent t => ", "write t.b => [t]\nb = 1001\n", "absent t => ", "destroy => [t]\nb = 1001\na = 1\n"},
		},
		"taken away twice, with a comment on what went first": {
			"[t.s]\np = 1 # mine\n\n[u]\na = 2\n",
			[]string{
				"absent t => [u]\na = 2\n", "write t.a => [u]\na = 2\n\n[t]\na = 1001\n", "absent t => [u]\na = 2\n",
				"destroy => [t.s]\np = 1 # mine\n\n[u]\na = 2\n\n[t]\na = 1001\n",
			},
		},
		"somebody writes over a key of ours what the next policy wants": {
			"y = 1\n",
			[]string{
				"x=1001 => y = 1\nx = 1001\n", "x=5 => y = 1\nx = 5\n", "write x => y = 1\nx = 1001\n", "x=1001 => y = 1\nx = 1001\n",
				"x=7 => y = 1\nx = 7\n", "destroy => y = 1\nx = 1001\n",
			},
		},
		"the same, rolled back behind all of it": {
			"y = 1\n",
			[]string{
				"x=5 => y = 1\nx = 5\n", "write x => y = 1\nx = 1001\n", "x=1001 z=2 => y = 1\nx = 1001\nz = 2\n",
				"rollback 1 => y = 1\nx = 1001\n", "destroy => y = 1\nx = 1001\n",
			},
		},
		"the same, where the policy that wants it changes nothing": {
			"y = 1\n",
			[]string{
				"x=5 => y = 1\nx = 5\n", "write x => y = 1\nx = 1001\n", "x=1001 => y = 1\nx = 1001\n",
				"rollback 1 => y = 1\nx = 1001\n", "destroy => y = 1\nx = 1001\n",
			},
		},
		"a destroy that leaves no record, of a key in a table that was away": {
			"[t]\nb = 2\ns.p = 3\n",
			[]string{
				"t.b=437 => [t]\nb = 437\ns.p = 3\n", "absent t => ", "rollback 2 => [t]\nb = 437\ns.p = 3\n", "t.b=2", "destroy", "rollback 3 => ", "destroy",
			},
		},
		"a number that Codex spells anew": {
			"y = 1\n",
			[]string{"t.a=30 => y = 1\n\n[t]\na = 30\n", "respell t.a => y = 1\n\n[t]\na = 30.0\n", "t.a=30 => y = 1\n\n[t]\na = 30.0\n", "destroy"},
		},
		"two policies take turns": {
			"x = 1 # mine\n[t]\na = 1\n",
			[]string{
				"x=2 absent t => x = 2 # mine\n", "t.a=3 => x = 1 # mine\n[t]\na = 3\n", "x=2 absent t => x = 2 # mine\n",
				"t.a=3 => x = 1 # mine\n[t]\na = 3\n", "rollback 3 => x = 1 # mine\n[t]\na = 3\n", "rollback 1", "destroy",
			},
		},
		"a rollback rolled back, beside a key that it did not touch": {
			"x = 1\n[t]\na = 1\n",
			[]string{
				"absent t absent x => ", "absent t => x = 1\n", "rollback 2 => ", "rollback 3 => x = 1\n", "destroy",
			},
		},
		"a table that we made in two steps, then taken away": {
			"y = 1\n",
			[]string{"t.a=2 => y = 1\n\n[t]\na = 2\n", "t.a=2 t.b=3 => y = 1\n\n[t]\na = 2\nb = 3\n", "absent t", "destroy"},
		},
		"taken away twice, rolled back, and the user's own went": {
			"[t]\na = 1\n",
			[]string{
				"absent t => ", "write t.b => [t]\nb = 1001\n", "absent t => ", "rollback 2 => [t]\nb = 1001\n", "remove t.b => [t]\n", "destroy",
			},
		},
		"the user writes what we gave back, and a rollback leaves it": {
			"x = 1\n",
			[]string{"x=2 => x = 2\n", "destroy", "write x => x = 1001\n", "rollback 2 => x = 1001\n", "destroy => x = 1001\n"},
		},
		"two applies, a lost ledger, a rollback behind both": {
			"y = 1\n",
			[]string{"x=2 => y = 1\nx = 2\n", "x=3 => y = 1\nx = 3\n", "forget => y = 1\nx = 3\n", "rollback 1", "destroy"},
		},
		"a rollback to where the user had written over a removal": {
			"[t]\na = 1\n",
			[]string{
				"absent t => ", "write t.b => [t]\nb = 1001\n", "x=2 => x = 2\n\n[t]\nb = 1001\na = 1\n", "rollback 2 => [t]\nb = 1001\n",
				"destroy => [t]\nb = 1001\na = 1\n",
			},
		},
		"a key of ours rolled back behind its removal by the user": {
			"y = 1\nx = 1\n",
			[]string{"x=2 => y = 1\nx = 2\n", "destroy", "remove x => y = 1\n", "x=3 => y = 1\nx = 3\n", "rollback 2 => y = 1\nx = 2\n", "destroy => y = 1\n"},
		},
		"a table taken away again behind the removal of one of its keys by the user": {
			"[t]\na = 1\nb = 2\n",
			[]string{
				"absent t => ", "destroy", "remove t.a => [t]\nb = 2\n", "absent t => ", "rollback 2 => ",
				"destroy => [t]\nb = 2\n",
			},
		},
		"a table taken away again behind a key that the user wrote into it": {
			"[t]\na = 1\n",
			[]string{
				"absent t => ", "destroy", "write t.b => [t]\na = 1\nb = 1001\n", "absent t => ", "rollback 2 => ",
				"destroy => [t]\na = 1\nb = 1001\n",
			},
		},
		"a table whose key the user wrote and removed again": {
			"[t]\na = 1\n",
			[]string{
				"absent t => ", "write t.b => [t]\nb = 1001\n", "x=2 => x = 2\n\n[t]\nb = 1001\na = 1\n",
				"remove t.b => x = 2\n\n[t]\na = 1\n", "absent t => ", "rollback 2", "destroy",
			},
		},
		"a destroy rolled back": {
			"x = 1\n",
			[]string{"x=2 y=3 => x = 2\ny = 3\n", "destroy", "rollback 2 => x = 2\ny = 3\n", "destroy"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHome(tt.start)
			for _, step := range tt.steps {
				do, want, said := strings.Cut(step, " => ")
				if !said {
					do, want = step, tt.start
				}
				if err := h.step(do); err != nil {
					t.Fatalf("%s: %v\n%s", do, err, h.config.Data)
				}
				if got := string(h.config.Data); got != want {
					t.Fatalf("%s: got\n%s\nwant\n%s", do, got, want)
				}
			}
		})
	}
}

// A config.toml that we made goes with our keys, unless somebody wrote a comment into it.
func TestLivesOfComments(t *testing.T) {
	h := newHome("")
	h.config.Exists = false
	for _, step := range []string{"x=2", "destroy", "x=2"} {
		if err := h.step(step); err != nil {
			t.Fatal(err)
		}
		if h.config.Exists != (step != "destroy") {
			t.Fatalf("after %s there is a file: %v", step, h.config.Exists)
		}
	}
	h.config.Data = append(h.config.Data, "# mine\n"...)
	if err := h.step("destroy"); err != nil || string(h.config.Data) != "# mine\n" || !h.config.Exists {
		t.Errorf("the comment: %q, %v", h.config.Data, err)
	}
}

// A comment on a line of ours stays there when another key of ours goes.
func TestLivesOfOurLines(t *testing.T) {
	h := newHome("z = 1\n")
	if err := h.step("x=2 y=3"); err != nil {
		t.Fatal(err)
	}
	h.config.Data = []byte(strings.Replace(string(h.config.Data), "x = 2", "x = 2 # mine", 1))
	if err := h.step("x=2"); err != nil || string(h.config.Data) != "z = 1\nx = 2 # mine\n" {
		t.Errorf("got %q, %v", h.config.Data, err)
	}
}

// step does a step as text, without a model.
func (h *home) step(text string) error {
	words := strings.Fields(text)
	switch words[0] {
	case "destroy":
		return h.apply(desired(nil), nil, nil, "destroy")
	case "forget":
		h.ledger = nil
		return nil
	case "rollback":
		return h.rollback(len(h.records)-number(words[1]), nil)
	case "write", "remove", "respell":
		return h.write(act{verb: words[0], at: words[1]}, nil)
	}
	policy := parsePolicy(words)
	return h.apply(desired(policy), nil, policy, "apply")
}

func parsePolicy(words []string) []want {
	var out []want
	for i := 0; i < len(words); i++ {
		switch at, value, _ := strings.Cut(words[i], "="); at {
		case "absent":
			i++
			out = append(out, want{at: words[i], absent: true})
		case "default":
			i++
			at, value, _ = strings.Cut(words[i], "=")
			out = append(out, want{at: at, value: int64(number(value)), soft: true})
		default:
			out = append(out, want{at: at, value: int64(number(value))})
		}
	}
	return out
}
