// Package report reads the status of many machines and says it on one page: counts,
// how far a rollout is, and who needs a person. It asks nobody and needs no network;
// what it is given are the status.json files that a carrier collected.
package report

import (
	"cmp"
	"slices"
	"strconv"
	"time"

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

// Summary is what the machines come to.
type Summary struct {
	Machines      int     `json:"machines"`   // each home of a machine with several users
	Hosts         int     `json:"hosts"`      // machines by name
	Unreadable    int     `json:"unreadable"` // inputs that are no status
	Older         int     `json:"older"`      // statuses of a home that has a newer one
	Silent        int     `json:"silent"`     // whose last run is more than a week ago
	Ahead         int     `json:"clock_ahead"`
	NeedPerson    int     `json:"need_person"`
	PolicyVersion int64   `json:"policy_version,omitempty"` // the newest that one of them names
	Done          int     `json:"done"`                     // in sync with it
	States        []Count `json:"states"`
	Codes         []Count `json:"codes"`
	Policies      []Count `json:"policy_versions"`
	Rings         []Ring  `json:"rings"`
	Codexes       []Count `json:"codex_versions"`
	Tools         []Count `json:"tool_versions"`
}

// Bounds of a last run that can be right: a machine runs once a week at least, and a clock
// is not an hour ahead.
const (
	silence = 7 * 24 * time.Hour
	ahead   = time.Hour
)

// Summarize counts, as it is at a time. Of a machine with several users each home counts.
func Summarize(f Fleet, now time.Time) Summary {
	all := f.Machines
	s := Summary{Machines: len(all), Unreadable: f.Unreadable, Older: f.Older}
	hosts := map[string]bool{}
	for _, m := range all {
		hosts[m.Host] = true
		s.PolicyVersion = max(s.PolicyVersion, m.PolicyVersion)
		s.Silent += one(m.silent(now))
		s.Ahead += one(m.ahead(now))
		s.NeedPerson += one(m.NeedsPerson())
	}
	s.Hosts = len(hosts)
	for _, m := range all {
		s.Done += one(m.State == status.InSync && m.PolicyVersion == s.PolicyVersion)
	}
	s.States = counted(all, func(m Machine) string { return string(m.State) })
	s.Codes = counted(all, func(m Machine) string { return string(m.Code) })
	s.Policies = counted(all, func(m Machine) string { return version(m.PolicyVersion) })
	s.Codexes = counted(all, func(m Machine) string { return m.Codex })
	s.Tools = counted(all, func(m Machine) string { return m.Tool })
	s.Rings = rings(all, s.PolicyVersion)
	return s
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func version(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func (m Machine) silent(now time.Time) bool {
	return !m.LastRun.IsZero() && m.LastRun.Before(now.Add(-silence))
}

func (m Machine) ahead(now time.Time) bool { return m.LastRun.After(now.Add(ahead)) }

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
