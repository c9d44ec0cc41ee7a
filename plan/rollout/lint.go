package rollout

import (
	"fmt"
	"path"
)

// Fault is one thing wrong in a Rollout. Ring is the ring it is about, -1 for the
// whole; Key the key that has to change.
type Fault struct {
	Ring    int
	Key     string
	Message string
	Fix     string
}

// Lint finds what would leave somebody behind for ever, or take somebody back.
func (r Rollout) Lint() []Fault {
	var out []Fault
	last := -1
	for i, ring := range r.Rings {
		out = append(out, ring.faults(i)...)
		if ring.Percent > 0 && last >= 0 && ring.Percent < r.Rings[last].Percent {
			out = append(out, Fault{i, "percent", fmt.Sprintf("%d after %d: the percentages of rings only grow", ring.Percent, r.Rings[last].Percent), "put the rings in order, the smallest first"})
		}
		if ring.Percent > 0 {
			last = i
		}
		if i > 0 && ring.Start.Before(r.Rings[i-1].Start) {
			out = append(out, Fault{i, "start", "it starts before the ring above it", "give the rings starts that only grow"})
		}
	}
	if n := len(r.Rings); n > 0 && r.Rings[n-1].Percent < everybody {
		out = append(out, Fault{n - 1, "percent", "the last ring must take everybody", "end with {name: all, percent: 100}; a start in the far future keeps it closed"})
	}
	if r.Window != nil && r.Window.Deadline > 0 && r.Mode == Hold {
		out = append(out, Fault{-1, "window", "nobody follows while mode is hold: the deadline means nothing", "remove it, or use mode: rings"})
	}
	return out
}

func (r Ring) faults(i int) []Fault {
	var out []Fault
	if len(r.Hosts) == 0 && r.Percent == 0 {
		out = append(out, Fault{i, "percent", "a ring without hosts and without a percentage takes nobody", "give it hosts or a percentage"})
	}
	if r.Percent < 0 || r.Percent > everybody {
		out = append(out, Fault{i, "percent", fmt.Sprintf("%d is no percentage", r.Percent), "write 1 to 100"})
	}
	for _, pattern := range r.Hosts {
		if _, err := path.Match(pattern, ""); err != nil {
			out = append(out, Fault{i, "hosts", fmt.Sprintf("%q is not a pattern of host names", pattern), `write it as a shell would: "it-*"`})
		}
	}
	return out
}
