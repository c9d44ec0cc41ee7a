package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/codexform/codexform/plan/status"
)

// Ring is how far a rollout is in one ring.
type Ring struct {
	Name     string `json:"name"`
	Machines int    `json:"machines"`
	Done     int    `json:"done"`   // in sync with the newest policy
	Failed   int    `json:"failed"` // in state error with the newest policy
	// Bound is the rate of failures, in percent, below which the true one lies with a
	// confidence of 95 percent where none was seen: 3 / Done. 0 where one was seen.
	Bound float64 `json:"bound_percent,omitempty"`
	Widen bool    `json:"widen"` // nobody failed, and enough machines are through to say so
}

// enough is how many machines without a failure let a ring be widened: their true
// failure rate is below 10 percent.
const enough = 30

// rings are the rings that machines name, the largest first.
func rings(all []Machine, newest int64) []Ring {
	at := map[string]*Ring{}
	for _, m := range all {
		if m.Ring == "" {
			continue
		}
		r := at[m.Ring]
		if r == nil {
			r = &Ring{Name: m.Ring}
			at[m.Ring] = r
		}
		r.Machines++
		r.Done += one(m.PolicyVersion == newest && m.State == status.InSync)
		r.Failed += one(m.PolicyVersion == newest && m.State == status.Failed)
	}
	out := []Ring{}
	for _, r := range at {
		if r.Failed == 0 && r.Done > 0 {
			r.Bound = min(300/float64(r.Done), 100)
		}
		r.Widen = r.Failed == 0 && r.Done >= enough
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b Ring) int { return cmp.Or(b.Machines-a.Machines, cmp.Compare(a.Name, b.Name)) })
	return out
}

func (r Ring) advice() string {
	switch {
	case r.Failed > 0:
		return "no: look at who failed first"
	case r.Done == 0:
		return "nobody is through yet"
	case !r.Widen:
		return fmt.Sprintf("wait: %d without a failure only say that fewer than %.0f %% would fail", r.Done, r.Bound)
	}
	return fmt.Sprintf("yes: %d without a failure, so fewer than %.1f %% would fail (95 %% sure)", r.Done, r.Bound)
}
