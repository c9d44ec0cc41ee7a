package codex_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
)

// TestDrawnTogether holds the rules against tables with several keys, most of them right:
// what Codex minds then is what one key needs of another, and what a value says. DRAWN is
// how many for each version, SEED which.
func TestDrawnTogether(t *testing.T) {
	count, seed := setting(t, "DRAWN", 60), setting(t, "SEED", 1)
	below := keysBelow(t)
	codextest.Each(t, func(t *testing.T, version, program string) {
		v, err := codex.ParseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		d := &drawer{rand.New(rand.NewPCG(uint64(seed), 7)), below, v}
		b, stopped := codex.Binary{Path: program}, 0
		for range count {
			config := d.file()
			if stopsAsSaid(t, b, v, config) {
				stopped++
			}
		}
		t.Logf("%d of %d stop Codex %s, seed %d", stopped, count, version, seed)
		if stopped < count/20 || stopped > count*3/4 {
			t.Errorf("%d of %d stop Codex %s: the cases prove nothing", stopped, count, version)
		}
	})
}

// keysBelow are the keys of the tables, by the table that they stand in.
func keysBelow(t *testing.T) map[string][]string {
	below := map[string][]string{}
	for path := range table(t, "keys.txt") {
		a := address(path)
		up := path[:max(0, len(path)-len(strings.ReplaceAll(a[len(a)-1], ".", `\.`))-1)]
		if up != "features" && !strings.HasSuffix(path, ".features.*") {
			below[up] = append(below[up], path)
		}
	}
	for _, keys := range below {
		slices.Sort(keys)
	}
	return below
}

// drawer makes files.
type drawer struct {
	*rand.Rand
	below map[string][]string
	v     codex.Version
}

// What a string and a name may be, whatever they are for.
var (
	drawnStrings = strings.Split("zz||a b|docs|/srv|~/x|x/**|:root|https://a.example/v1|http://a.example|A|*|[|gpt-5.4|Authorization|0|a=b|é|..|dev|local|:workspace|1s|ctrl-t|10.0.0.0/8|mcp__x|openai|corp", "|")
	drawnNames   = strings.Split("zz|docs|a.b|/srv||corp|dev|~/x|x y|:root|*|PATH|*.example.com|0|gpt-5.4|openai|X-A|ollama|amazon-bedrock|a@b|default", "|")
	drawnNumbers = strings.Fields("0 1 5 30 100 101 256 3600 70000 1000000 -1 4294967296 9223372036854775807")
	drawnFloats  = strings.Fields("0 1.5 -1.5 30 1e300 inf nan 101.0")
)

func (d *drawer) pick(from []string) string { return from[d.IntN(len(from))] }

func (d *drawer) file() string {
	var lines []string
	seen := map[string]bool{}
	for range 1 + d.IntN(2) {
		top := d.pick(d.below[""])
		if seen[top] {
			continue
		}
		if seen[top] = true; top == "permissions" && !seen["default_permissions"] && d.IntN(3) > 0 {
			seen["default_permissions"] = true
			lines = append(lines, `default_permissions = "dev"`)
		}
		lines = append(lines, fmt.Sprintf("%q = %s", top, d.value(top)))
	}
	return strings.Join(lines, "\n") + "\n"
}

// value is one that a key takes, and seldom any other.
func (d *drawer) value(path string) string {
	key, known := codex.LookupKey(address(path), d.v)
	if key == nil || !known || len(key.Kinds) == 0 || d.IntN(40) == 0 {
		return d.pick(values)
	}
	switch kind, _, _ := strings.Cut(d.pick(key.Kinds), ":"); kind {
	case "string":
		return strconv.Quote(d.pick(drawnStrings))
	case "bool":
		return strconv.FormatBool(d.IntN(2) == 0)
	case "int", "uint", "nat", "u8", "u16", "u32":
		return d.pick(drawnNumbers)
	case "float":
		return d.pick(drawnFloats)
	case "enum":
		return strconv.Quote(d.pick(append(slices.Clone(key.Values), "zz")))
	case "shortcut":
		return d.pick([]string{`"ctrl-t"`, `"f1"`, `["ctrl-a", "ctrl-b"]`, "[]", `"enter"`})
	case "list":
		var items []string
		for range d.IntN(3) {
			items = append(items, d.value(path+".[]"))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case "empty":
		return "[]"
	case "struct", "table":
		return d.table(path, key)
	}
	return d.pick(values)
}

// table is an inline table with what it needs, mostly, and some more.
func (d *drawer) table(path string, key *codex.Key) string {
	var fields []string
	seen := map[string]bool{}
	add := func(name, value string) {
		if !seen[name] {
			seen[name] = true
			fields = append(fields, strconv.Quote(name)+" = "+value)
		}
	}
	if d.IntN(12) > 0 {
		for _, need := range key.Needs {
			need, _, _ = strings.Cut(need, "?")
			add(need, d.value(path+"."+need))
		}
		switch path {
		case "mcp_servers.*":
			add(d.pick([]string{"command", "url"}), `"https://a.example/mcp"`)
		case "model_providers.*":
			add("name", `"Corp"`)
		}
	}
	for known := d.below[path]; len(known) > 0 && len(fields) < 1+d.IntN(5); {
		below := d.pick(known)
		name := address(below)[len(address(below))-1]
		if name == "*" {
			name = d.pick(drawnNames)
		}
		add(name, d.value(below))
	}
	return "{ " + strings.Join(fields, ", ") + " }"
}
