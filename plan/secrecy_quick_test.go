package plan

import (
	"math/rand/v2"
	"regexp/syntax"
	"slices"
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

// TestQuickName makes names of the words that count, in every spelling: the quick look lets
// all through that are a secret's.
func TestQuickName(t *testing.T) {
	words := []string{"key", "keys", "tokens", "auth", "sig", "signature", "code", "session", "jwt", "pin", "otp", "x", "my", "site", "2", "\u212aey"}
	words = append(words, secretEnds...)
	for _, of := range []map[string]bool{secretWords, secretKeys, openKeys, versions} {
		for w := range of {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	random, secret := rand.New(rand.NewPCG(3, 4)), 0
	for range 50_000 {
		var b strings.Builder
		for range 1 + random.IntN(3) {
			w := words[random.IntN(len(words))]
			switch random.IntN(3) {
			case 0:
				w = strings.ToUpper(w)
			case 1:
				w = strings.ToUpper(w[:1]) + w[1:]
			}
			b.WriteString(w + []string{"", "_", "-", ".", "7"}[random.IntN(5)])
		}
		name, wide := b.String(), random.IntN(2) == 0
		if wordsNameSecret(nameWords(name), wide) {
			secret++
			if !mayNameSecret(name) {
				t.Fatalf("%q is the name of a secret that the quick look does not see", name)
			}
		}
	}
	if secret < 10_000 {
		t.Errorf("only %d names are a secret's", secret)
	}
	for _, name := range []string{"model", "base_url", "request_max_retries", "wire_api", "gateway-17"} {
		if mayNameSecret(name) {
			t.Errorf("%q: its words are looked at for nothing", name)
		}
	}
}

// TestQuickNote holds what is said of a note that is not taken apart against what its
// texts say one by one.
func TestQuickNote(t *testing.T) {
	parts := []string{"sk-abcdefgh12345678", "x", " ", "\n", "\t", `"`, `\`, "https://u:pass1234@h.example/p", "ghp_abcdefgh12345678abcd", "model", "= ", ",", "[a]", "\u0001", "é"}
	random, secret, quick := rand.New(rand.NewPCG(5, 6)), 0, 0
	for range 20_000 {
		text := func() Value {
			var b strings.Builder
			for range random.IntN(5) {
				b.WriteString(parts[random.IntN(len(parts))])
			}
			return Str(b.String())
		}
		kept := List(Table(Member{"old", text()}, Member{"cut", List(text(), text())}))
		raw, err := kept.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := unescaped(string(raw)); ok {
			quick++
		}
		if secretNote(kept) {
			if secret++; !Note(raw).Secret() {
				t.Fatalf("%s: the secret in it is not seen", raw)
			}
		}
	}
	if secret < 5_000 || quick < 5_000 {
		t.Errorf("only %d notes have a secret, and %d are looked at quickly", secret, quick)
	}
}
