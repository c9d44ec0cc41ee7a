package plan

import (
	"math/rand/v2"
	"regexp/syntax"
	"strings"
	"testing"
	"unicode"
)

// TestQuickLook makes texts of every shape that the expression knows, in every
// surrounding: the quick look lets all of them through to it.
func TestQuickLook(t *testing.T) {
	parsed, err := syntax.Parse(shapes().String(), syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	random, matched := rand.New(rand.NewPCG(1, 2)), 0
	for range 20_000 {
		var b strings.Builder
		for range random.IntN(3) {
			b.WriteString([]string{"x", " ", "ſ", "é", "a b", "0-"}[random.IntN(6)])
		}
		write(&b, parsed, random)
		if s := b.String(); shapes().MatchString(s) {
			matched++
			if !mayHaveShape(s) {
				t.Fatalf("%q has a shape that the quick look does not see", s)
			}
		}
	}
	if matched < 10_000 {
		t.Errorf("only %d texts have a shape", matched)
	}
	for _, s := range []string{"", "model = \"gpt-5.4\"", "https://api.routescope.ai/v1", "task-sk", "risk-averse-people-and-so-on", `secret.env: "A_KEY" (was "B_KEY")`} {
		if mayHaveShape(s) {
			t.Errorf("%q: the expression is asked for nothing", s)
		}
	}
}

// write writes a text that an expression matches.
func write(b *strings.Builder, e *syntax.Regexp, random *rand.Rand) {
	switch e.Op {
	case syntax.OpLiteral:
		for _, r := range e.Rune {
			for range random.IntN(3) {
				if e.Flags&syntax.FoldCase != 0 {
					r = unicode.SimpleFold(r)
				}
			}
			b.WriteRune(r)
		}
	case syntax.OpCharClass:
		k := 2 * random.IntN(len(e.Rune)/2)
		b.WriteRune(e.Rune[k] + rand.Int32N(1+min(e.Rune[k+1], 0x2fff)-min(e.Rune[k], 0x2fff)))
	case syntax.OpAlternate:
		write(b, e.Sub[random.IntN(len(e.Sub))], random)
	case syntax.OpQuest:
		if random.IntN(2) == 0 {
			write(b, e.Sub[0], random)
		}
	case syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		for range max(e.Min, 1) + random.IntN(4) {
			write(b, e.Sub[0], random)
		}
	default:
		for _, sub := range e.Sub {
			write(b, sub, random)
		}
	}
}
