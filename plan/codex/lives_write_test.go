package codex_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// The numbers of a life, and the tables that policies may remove as a whole.
var (
	lifeLeaves = []string{"x", "y", "z", "t.a", "t.b", "t.s.p", "t.s.q", "u.a", "u.b", "m.n.a", "m.n.b", "m.o.a"}
	lifeTables = []string{"t", "t.s", "u", "m", "m.n"}
)

// writeLife makes a life of at most so many steps up.
func writeLife(r *rand.Rand, most int) life {
	l := life{start: writeStart(r)}
	if l.start == "" {
		l.none = r.IntN(2) == 0
	}
	quiet := r.IntN(2) == 0 // nobody else writes
	was, _ := newHome(l.start).leaves()
	for range 1 + r.IntN(most) {
		a := writeAct(r, quiet, was)
		if len(l.acts) > 0 && a.verb == "apply" && r.IntN(3) == 0 {
			a.policy = l.acts[r.IntN(len(l.acts))].policy // two of them taking turns
		}
		if a.verb == "apply" && r.IntN(3) == 0 {
			a.policy = l.asWritten(a.policy)
		}
		if a.verb == "write" || a.verb == "remove" {
			a.at = l.overOurs(r, a.at)
		}
		l.acts = append(l.acts, a)
	}
	return l
}

// overOurs is, every second time, where the policy before wants a number: what somebody
// does to a key of ours is what goes wrong.
func (l life) overOurs(r *rand.Rand, at string) string {
	for _, a := range slices.Backward(l.acts) {
		if a.verb == "apply" && len(a.policy) > 0 {
			if w := a.policy[r.IntN(len(a.policy))]; slices.Contains(lifeLeaves, w.at) && r.IntN(2) == 0 {
				return w.at
			}
			break
		}
	}
	return at
}

// asWritten is a policy that wants what somebody wrote before it.
func (l life) asWritten(policy []want) []want {
	value := int64(1000)
	for _, a := range l.acts {
		if a.verb != "write" {
			continue
		}
		value++
		met := func(w want) bool { return related(w.at, a.at) }
		policy = append([]want{{at: a.at, value: value}}, slices.DeleteFunc(slices.Clone(policy), met)...)
	}
	return policy
}

func writeAct(r *rand.Rand, quiet bool, was map[string]int64) act {
	switch k := r.IntN(10); {
	case k < 5 || quiet && k >= 7:
		return act{verb: "apply", policy: writePolicy(r, was), repair: r.IntN(3) == 0}
	case k < 6:
		return act{verb: "rollback", n: r.IntN(3)}
	case k < 7:
		return act{verb: "destroy"}
	}
	if r.IntN(4) == 0 {
		return act{verb: "refuse", policy: writePolicy(r, was), at: pick(r, lifeLeaves), n: r.IntN(2)}
	}
	if r.IntN(16) == 0 {
		return act{verb: "lose", policy: writePolicy(r, was)}
	}
	if r.IntN(8) == 0 {
		return act{verb: "lose", n: r.IntN(3)}
	}
	return act{verb: []string{"write", "write", "remove", "respell"}[r.IntN(4)], at: pick(r, lifeLeaves), n: r.IntN(2)}
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

// writePolicy is a few wants, none of them at or below another.
func writePolicy(r *rand.Rand, was map[string]int64) []want {
	var out []want
	for range 1 + r.IntN(4) {
		w := want{at: pick(r, lifeLeaves), value: int64(1 + r.IntN(900))}
		if v, there := was[w.at]; there && r.IntN(3) == 0 {
			w.value = v // as the user has it
		}
		switch r.IntN(6) {
		case 0:
			w.soft = true
		case 1, 2:
			w.absent, w.value = true, 0
			if r.IntN(2) == 0 {
				w.at = pick(r, lifeTables)
			}
		case 3:
			if r.IntN(8) == 0 {
				w.at = pick(r, lifeTables) // a value where others have a table
			}
		}
		if !slices.ContainsFunc(out, func(o want) bool { return related(o.at, w.at) }) {
			out = append(out, w)
		}
	}
	// As package sources does: settings, then what must not be there.
	slices.SortStableFunc(out, func(a, b want) int {
		switch {
		case a.absent == b.absent:
			return 0
		case b.absent:
			return -1
		}
		return 1
	})
	return out
}

// writeStart is a config.toml in any spelling.
func writeStart(r *rand.Rand) string {
	if r.IntN(8) == 0 {
		return ""
	}
	w := &startWriter{r: r}
	for _, key := range []string{"x", "y", "z"} {
		if r.IntN(3) == 0 {
			w.line("%s = %s", key, w.spelled())
		}
	}
	tables := []func(){w.t, w.u, w.m, w.array}
	r.Shuffle(len(tables), func(i, j int) { tables[i], tables[j] = tables[j], tables[i] })
	for _, table := range tables {
		if r.IntN(3) > 0 {
			table()
		}
	}
	text := w.root.String() + w.rest.String()
	switch r.IntN(6) {
	case 0:
		text = strings.TrimRight(text, "\n")
	case 1:
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

type startWriter struct {
	r          *rand.Rand
	root, rest strings.Builder
	n          int
}

func (w *startWriter) number() int { w.n++; return 2000 + w.n }

// spelled is a number in one of the spellings that it has.
func (w *startWriter) spelled() string {
	return fmt.Sprintf([]string{"%d", "%d", "%d", "%#x", "+%d", "0o%o"}[w.r.IntN(6)], w.number())
}

func (w *startWriter) line(format string, args ...any) { w.put(&w.root, format, args...) }
func (w *startWriter) more(format string, args ...any) { w.put(&w.rest, format, args...) }

func (w *startWriter) put(b *strings.Builder, format string, args ...any) {
	if w.r.IntN(6) == 0 {
		fmt.Fprintf(b, "# why %d\n", w.number())
	}
	if w.r.IntN(6) == 0 {
		b.WriteString("\n")
	}
	fmt.Fprintf(b, format, args...)
	if w.r.IntN(6) == 0 {
		b.WriteString(" # so")
	}
	b.WriteString("\n")
}

func (w *startWriter) t() {
	switch w.r.IntN(5) {
	case 0:
		w.line("t.a = %s", w.spelled())
		w.line("t.s.p = %s", w.spelled())
	case 1:
		w.line("t = { a = %s, s = { p = %s, q = %s } }", w.spelled(), w.spelled(), w.spelled())
	case 2:
		w.more("[t]")
		w.more("a = %s", w.spelled())
		w.more("b = %s", w.spelled())
		w.more("s = { p = %s }", w.spelled())
	case 3:
		w.more("[t]")
		w.more("b = %s", w.spelled())
		w.more("[t.s]")
		w.more("p = %s", w.spelled())
		w.more("q = %s", w.spelled())
	case 4:
		w.more("[t.s]")
		w.more("q = %s", w.spelled())
	}
}

func (w *startWriter) u() {
	switch w.r.IntN(3) {
	case 0:
		w.more("[u]")
		w.more("a = %s", w.spelled())
	case 1:
		w.more("[ u ]")
		w.more("a = %s", w.spelled())
		w.more("'b' = %s", w.spelled())
	case 2:
		w.line("u = {b = %s}", w.spelled())
	}
}

func (w *startWriter) m() {
	switch w.r.IntN(4) {
	case 0:
		w.more("[m.n]")
		w.more("a = %s", w.spelled())
		w.more("b = %s", w.spelled())
	case 1:
		w.more("[m]")
		w.more("n.a = %s", w.spelled())
		w.more("o.a = %s", w.spelled())
	case 2:
		w.more("[m.o]")
		w.more("a = %s", w.spelled())
		w.more("[m.n]")
		w.more("b = %s", w.spelled())
	case 3:
		w.line("m.n = { a = %s }", w.spelled())
	}
}

func (w *startWriter) array() {
	for range 1 + w.r.IntN(2) {
		w.more("[[arr]]")
		w.more("k = \"v\"")
	}
}
