package plan_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/codexform/codexform/plan"
)

// In and UpTo find what Key put there, and nothing else, whatever is in a segment.
func TestFoundByKey(t *testing.T) {
	rnd := rand.New(rand.NewPCG(14, 10))
	segments := []string{"", "a", "1:a", "a.b", ":", "12", "é", string(make([]byte, 200))}
	draw := func() plan.Address {
		var a plan.Address
		for range rnd.IntN(4) {
			a = append(a, segments[rnd.IntN(len(segments))])
		}
		return a
	}
	for range 2_000 {
		m := map[string]int{}
		for i := range rnd.IntN(6) {
			m[draw().Key()] = i
		}
		a := draw()
		want, there := m[a.Key()]
		if got, ok := plan.In(m, a); got != want || ok != there {
			t.Fatalf("%q in %v: %d %t, want %d %t", a, m, got, ok, want, there)
		}
		var above, found []string
		for n := 1; n <= len(a); n++ {
			if v, ok := m[a[:n].Key()]; ok {
				above = append(above, fmt.Sprint(n, v))
			}
		}
		for n, v := range plan.UpTo(m, a) {
			found = append(found, fmt.Sprint(n, v))
		}
		if fmt.Sprint(found) != fmt.Sprint(above) {
			t.Fatalf("above %q in %v: %v, want %v", a, m, found, above)
		}
	}
}

// Keys are looked for thousands of times in a plan: none of it makes a string.
func TestFoundWithoutRoom(t *testing.T) {
	a, sum := plan.Address{"model_providers", "gateway", "http_headers", "X-Team"}, 0
	m := map[string]int{a.Key(): 1, a[:2].Key(): 2}
	if n := testing.AllocsPerRun(100, func() {
		v, _ := plan.In(m, a)
		for depth, w := range plan.UpTo(m, a) {
			sum += v + w + depth
		}
	}); n != 0 || sum == 0 {
		t.Errorf("%v allocations", n)
	}
}
