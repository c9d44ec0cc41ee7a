package plan

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// A draft says what With and Without would, and what it has handed out stays.
func TestDraft(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 14))
		want := Table()
		d := draft{value: want}
		kept := map[string]Value{}
		for n := range 400 {
			a := Address{fmt.Sprint(r.IntN(20))}
			for range r.IntN(3) {
				a = append(a, fmt.Sprint(r.IntN(3)))
			}
			switch r.IntN(20) {
			case 0, 1, 2, 3, 4:
				want = want.Without(a)
				d.remove(a)
			case 5, 6, 7, 8, 9:
				kept[want.At(a).TOML()] = d.At(a)
			case 10:
				kept[want.TOML()] = d.Value()
			default:
				v := Int(int64(n))
				if r.IntN(5) == 0 {
					v = Table(Member{"0", v})
				}
				want = want.With(a, v)
				d.put(a, v)
			}
			if got := d.look(nil); got.TOML() != want.TOML() || !d.look(a).Equal(want.At(a)) {
				t.Fatalf("seed %d, step %d: %s, want %s", seed, n, got.TOML(), want.TOML())
			}
		}
		for was, v := range kept {
			if v.TOML() != was {
				t.Fatalf("seed %d: what was %s has become %s", seed, was, v.TOML())
			}
		}
	}
}
