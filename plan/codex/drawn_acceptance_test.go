package codex_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
)

// values are what a file may hold somewhere, whatever stands there.
var values = []string{
	"5", "0", "-1", "1.5", "99999999999", `""`, `"zz"`, `"a b"`, "true", "false", "[]", `["a"]`, "[1]", "[{}]", "[[]]", "{}",
	`{ a = "b" }`, "{ a = 1 }", "{ a = {} }", `{ a = ["b"] }`, "2026-11-26", `"https://a.example/v1"`,
}

// TestDrawn holds the rules against files that are drawn: any key of any depth, with any
// value. DRAWN is how many for each version, SEED which.
func TestDrawn(t *testing.T) {
	count, seed := setting(t, "DRAWN", 60), setting(t, "SEED", 1)
	rows := table(t, "keys.txt")
	paths := make([]string, 0, len(rows))
	for path := range rows {
		// The table of a feature refuses what is not right and says nothing of it, so not
		// all that it takes is known.
		if before, below, feature := strings.Cut(path, "features."); !feature || before != "" && before != "profiles.*." || !strings.Contains(below, ".") {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	codextest.Each(t, func(t *testing.T, version, program string) {
		v, err := codex.ParseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		b, random, stopped := codex.Binary{Path: program}, rand.New(rand.NewPCG(uint64(seed), 0)), 0
		for range count {
			config := drawn(random, paths, v)
			if stopsAsSaid(t, b, v, config) {
				stopped++
			}
		}
		t.Logf("%d of %d stop Codex %s, seed %d", stopped, count, version, seed)
		if stopped < count/10 || stopped > count*19/20 {
			t.Errorf("%d of %d stop Codex %s: the cases prove nothing", stopped, count, version)
		}
	})
}

func setting(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// drawn is a file with a key, and a value that it takes or any other. No list stands in
// the place of a table whose keys are known: Codex takes one for the values of them, which
// nobody writes, and the rules refuse it.
func drawn(random *rand.Rand, paths []string, v codex.Version) string {
	path := address(paths[random.IntN(len(paths))])
	text := values[random.IntN(len(values))]
	key, _ := codex.LookupKey(path, v)
	if key != nil && len(key.Values) > 0 && random.IntN(2) == 0 {
		text = strconv.Quote(key.Values[random.IntN(len(key.Values))])
	}
	if key != nil && slices.Contains(key.Kinds, "struct") && strings.HasPrefix(text, "[") {
		text = "{}"
	}
	for i := len(path) - 1; i > 0; i-- {
		switch name := path[i]; name {
		case "[]":
			text = "[" + text + "]"
		case "*":
			text = fmt.Sprintf("{ %s = %s }", [...]string{"zz", `"a.b"`, `"/srv"`}[random.IntN(3)], text)
		default:
			text = fmt.Sprintf("{ %s = %s }", strconv.Quote(name), text)
		}
	}
	return strconv.Quote(path[0]) + " = " + strings.ReplaceAll(text, "\n", " ") + "\n"
}
