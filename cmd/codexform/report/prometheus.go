package report

import (
	"fmt"
	"strings"
)

// Prometheus is the summary as gauges.
func Prometheus(s Summary) []byte {
	g := gauges{}
	for _, t := range []struct {
		name, help string
		value      int
	}{
		{"codexform_fleet_machines", "Machines, each home of several users.", s.Machines},
		{"codexform_fleet_hosts", "Machines by name.", s.Hosts},
		{"codexform_fleet_unreadable", "Inputs that are no status.", s.Unreadable},
		{"codexform_fleet_older", "Statuses of a home that has a newer one.", s.Older},
		{"codexform_fleet_silent", "Machines whose last run is more than a week ago.", s.Silent},
		{"codexform_fleet_clock_ahead", "Machines whose clock is ahead.", s.Ahead},
		{"codexform_fleet_need_person", "Machines that somebody has to look at.", s.NeedPerson},
		{"codexform_fleet_done", "Machines in sync with the newest policy.", s.Done},
	} {
		g.begin(t.name, t.help)
		fmt.Fprintf(&g, "%s %d\n", t.name, t.value)
	}
	g.counts("codexform_machines", "Machines by state.", "state", s.States)
	g.counts("codexform_machine_errors", "Machines in state error by code.", "code", s.Codes)
	g.counts("codexform_machine_policies", "Machines by the policy_version that they looked at.", "policy_version", s.Policies)
	g.counts("codexform_machine_codexes", "Machines by the version of Codex.", "version", s.Codexes)
	g.counts("codexform_machine_tools", "Machines by the version of codexform.", "version", s.Tools)
	g.rings("codexform_ring_machines", "Machines by ring.", s.Rings, func(r Ring) int { return r.Machines })
	g.rings("codexform_ring_done", "Machines in sync with the newest policy, by ring.", s.Rings, func(r Ring) int { return r.Done })
	g.rings("codexform_ring_failed", "Machines in state error with the newest policy, by ring.", s.Rings, func(r Ring) int { return r.Failed })
	g.rings("codexform_ring_widen", "1 where a ring may be widened.", s.Rings, func(r Ring) int { return one(r.Widen) })
	return []byte(g.String())
}

type gauges struct{ strings.Builder }

func (g *gauges) begin(name, help string) {
	fmt.Fprintf(g, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name)
}

func (g *gauges) counts(name, help, label string, counts []Count) {
	g.begin(name, help)
	for _, c := range counts {
		g.labelled(name, label, c.Name, c.Count)
	}
}

func (g *gauges) rings(name, help string, rings []Ring, value func(Ring) int) {
	g.begin(name, help)
	for _, r := range rings {
		g.labelled(name, "ring", r.Name, value(r))
	}
}

func (g *gauges) labelled(name, label, value string, count int) {
	fmt.Fprintf(g, "%s{%s=\"%s\"} %d\n", name, label, strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(value), count)
}
