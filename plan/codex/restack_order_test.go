package codex_test

import (
	"errors"
	"testing"
)

// A policy that took a key away, and a later one that gave a key beside it, leave the file
// that a third one alone would have made of the user's own.
func TestRestackAfterARemoval(t *testing.T) {
	for _, start := range []string{
		"u = {b = 2001}\n", "u = { b = 2001 } # so\n", "[u]\nb = 2001\n", "x = 1\n\n[u]\nb = 2001\n\n[v]\nc = 1\n", "[u]\nb = 2001 # so\n# why\nc = 3\n",
		"z = 1\n\n[u]\n# why\nb = 2001\n",
	} {
		alone, after := newHome(start), newHome(start)
		err := alone.step("u.a=229")
		for _, policy := range []string{"absent u.b", "u.a=847 absent u.b", "u.a=229"} {
			err = errors.Join(err, after.step(policy))
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, want := string(after.config.Data), string(alone.config.Data); got != want {
			t.Errorf("of %q became\n%s\nand not\n%s", start, got, want)
		}
	}
}
