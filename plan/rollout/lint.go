package rollout

import (
	"fmt"
	"path"
	"slices"
)

// Fault is one thing wrong in a Rollout. Ring is the ring it is about, -1 for the
// whole; Key the key that has to change.
type Fault struct {
	Ring    int
	Key     string
	Message string
	Fix     string
}

// Lint finds what would leave somebody behind for ever, take somebody back, or mean
// nothing.
func (r Rollout) Lint() []Fault {
	var out []Fault
	for i, ring := range r.Rings {
		out = append(out, ring.faults(i)...)
		out = append(out, r.order(i)...)
	}
	if n := len(r.Rings); n > 0 && r.Rings[n-1].Percent < everybody {
		out = append(out, Fault{n - 1, "percent", "the last ring must take everybody", "end with {name: all, percent: 100}; a start in the far future keeps it closed"})
	}
	if r.Window != nil && r.Window.Deadline > 0 && r.Mode == Hold {
		out = append(out, Fault{-1, "window", "nobody follows while mode is hold: the deadline means nothing", "remove it, or use mode: rings"})
	}
	return append(out, r.opening()...)
}

// order judges a ring by those above it: a machine is in the first one that takes it.
func (r Rollout) order(i int) []Fault {
	var out []Fault
	ring, above := r.Rings[i], r.Rings[:i]
	last := slices.MaxFunc(append([]Ring{{}}, above...), func(a, b Ring) int { return a.Percent - b.Percent })
	switch {
	case last.Percent >= everybody, slices.ContainsFunc(above, func(r Ring) bool { return slices.Contains(r.Hosts, "*") }):
		out = append(out, Fault{i, "percent", "the rings above take everybody already", "put the ring of everybody last"})
	case ring.Percent > 0 && ring.Percent == last.Percent:
		out = append(out, Fault{i, "percent", fmt.Sprintf("%d again: the machines of a percentage are the same ones, and it takes nobody", ring.Percent), "let the percentages grow, or remove the ring"})
	case ring.Percent > 0 && ring.Percent < last.Percent:
		out = append(out, Fault{i, "percent", fmt.Sprintf("%d after %d: the percentages of rings only grow", ring.Percent, last.Percent), "put the rings in order, the smallest first"})
	}
	if i > 0 && ring.Start.Before(above[i-1].Start) {
		out = append(out, Fault{i, "start", "it starts before the ring above it", "give the rings starts that only grow"})
	}
	for _, other := range above {
		if ring.Name != "" && ring.Name == other.Name {
			out = append(out, Fault{i, "name", fmt.Sprintf("there is a ring %q above: nobody could tell them apart", ring.Name), "give it a name of its own"})
			break
		}
	}
	for _, host := range ring.Hosts {
		if slices.ContainsFunc(above, func(other Ring) bool { return other.named(host) }) {
			out = append(out, Fault{i, "hosts", fmt.Sprintf("%q is named by a ring above, and is in that one", host), "name it once"})
		}
	}
	return out
}

// opening finds a window that never opens.
func (r Rollout) opening() []Fault {
	if w := r.Window; w != nil && w.Days != nil && len(w.Days) == 0 {
		return []Fault{{-1, "window", "it never opens: it has no day", "name its days, or leave days away for every day"}}
	}
	return nil
}

func (r Ring) faults(i int) []Fault {
	var out []Fault
	if len(r.Hosts) == 0 && r.Percent == 0 {
		out = append(out, Fault{i, "percent", "a ring without hosts and without a percentage takes nobody", "give it hosts or a percentage"})
	}
	if r.Percent < 0 || r.Percent > everybody {
		out = append(out, Fault{i, "percent", fmt.Sprintf("%d is not a percentage", r.Percent), "write 1 to 100"})
	}
	for _, pattern := range r.Hosts {
		if _, err := path.Match(pattern, ""); err != nil {
			out = append(out, Fault{i, "hosts", fmt.Sprintf("%q is not a pattern of host names", pattern), `write it as a shell would: "it-*"`})
		}
	}
	return out
}
