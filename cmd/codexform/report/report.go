// Package report reads the status of many machines and says it on one page: counts,
// how far a rollout is, and who needs a person. It asks nobody and needs no network;
// what it is given are the status.json files that a carrier collected.
package report

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/codexform/codexform/plan/status"
)

// Machine is one status with the name of the machine that it is of.
type Machine struct {
	Host string
	status.Status
}

// Count is how often something was said.
type Count struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

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

// Summary is what the machines come to.
type Summary struct {
	Machines      int     `json:"machines"`
	Unreadable    int     `json:"unreadable"` // inputs that are no status
	PolicyVersion int64   `json:"policy_version,omitempty"`
	States        []Count `json:"states"`
	Codes         []Count `json:"codes"`
	Policies      []Count `json:"policy_versions"`
	Rings         []Ring  `json:"rings"`
	Codexes       []Count `json:"codex_versions"`
	Tools         []Count `json:"tool_versions"`
}

// Summarize counts. Of a machine with several users each home counts.
func Summarize(all []Machine, unreadable int) Summary {
	s := Summary{Machines: len(all), Unreadable: unreadable}
	for _, m := range all {
		s.PolicyVersion = max(s.PolicyVersion, m.PolicyVersion)
	}
	s.States = counted(all, func(m Machine) string { return string(m.State) })
	s.Codes = counted(all, func(m Machine) string { return string(m.Code) })
	s.Policies = counted(all, func(m Machine) string {
		if m.PolicyVersion == 0 {
			return ""
		}
		return strconv.FormatInt(m.PolicyVersion, 10)
	})
	s.Codexes = counted(all, func(m Machine) string { return m.Codex })
	s.Tools = counted(all, func(m Machine) string { return m.Tool })
	s.Rings = rings(all, s.PolicyVersion)
	return s
}

// counted counts by name, the most frequent first; the empty name is nobody's.
func counted(all []Machine, name func(Machine) string) []Count {
	at := map[string]int{}
	for _, m := range all {
		if n := name(m); n != "" {
			at[n]++
		}
	}
	out := []Count{}
	for n, c := range at {
		out = append(out, Count{n, c})
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Name, b.Name)) })
	return out
}

func rings(all []Machine, newest int64) []Ring {
	out := []Ring{}
	for _, c := range counted(all, func(m Machine) string { return m.Ring }) {
		r := Ring{Name: c.Name, Machines: c.Count}
		for _, m := range all {
			if m.Ring != c.Name || m.PolicyVersion != newest {
				continue
			}
			switch m.State {
			case status.InSync:
				r.Done++
			case status.Failed:
				r.Failed++
			}
		}
		if r.Failed == 0 && r.Done > 0 {
			r.Bound = min(300/float64(r.Done), 100)
		}
		r.Widen = r.Failed == 0 && r.Done >= enough
		out = append(out, r)
	}
	return out
}

// NeedsPerson reports whether somebody has to look at a machine: it failed for a
// reason that the next run does not mend.
func (m Machine) NeedsPerson() bool { return m.State == status.Failed && !m.Code.Transient() }

// Sort puts first who needs a person, then other errors, drift, and the rest, each by
// name.
func Sort(all []Machine) {
	rank := func(m Machine) int {
		switch {
		case m.NeedsPerson():
			return 0
		case m.State == status.Failed:
			return 1
		case m.State == status.Drift:
			return 2
		case m.State == status.Held:
			return 3
		}
		return 4
	}
	slices.SortStableFunc(all, func(a, b Machine) int {
		return cmp.Or(rank(a)-rank(b), cmp.Compare(a.Host, b.Host), cmp.Compare(a.User, b.User))
	})
}
