package codex_test

import (
	"strings"
	"testing"
)

// TestLivesFound are lives that the fuzzer found, held against the model at every step.
func TestLivesFound(t *testing.T) {
	policy := func(text string) []want { return parsePolicy(strings.Fields(text)) }
	for name, l := range map[string]life{
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
	} {
		t.Run(name, func(t *testing.T) {
			var log []string
			if err := l.play(&log); err != nil {
				t.Errorf("%v\n%s", err, strings.Join(log, "\n"))
			}
		})
	}
}
