package codex

import (
	"fmt"
	"slices"

	"github.com/codexform/codexform/plan"
)

// Standing makes a plan that leaves what Codex starts with, where it started before.
// Giving our keys back can leave a table of the user's without what it needs: a
// provider without its name, a server without its command; or a selector whose table is
// gone. The least that starts is done about it, rather keeping a key of ours than taking
// along one of the user's, and the plan says so. What a profile makes of config.toml
// counts as config.toml itself does. around is asked only where something is given back.
func Standing(o plan.Observed, around func() Around, make func(plan.Observed) plan.Plan) plan.Plan {
	return settled(o, make, func(o plan.Observed, p plan.Plan) []plan.Exception {
		f := p.File(plan.ConfigFile)
		if len(f.GiveBack) == 0 && !p.Rollback {
			return nil
		}
		after := f.Edited(o.Config.Root)
		s := standing{
			before: o.Config.Root, after: after, ledger: o.Ledger, set: f.Set, holds: p.Holds, rollback: p.Rollback,
			host: keyHost(p, after),
		}
		return s.all(around())
	})
}

// StandingUndo is Standing for the undo of an apply: was is what it found, o what somebody
// else has written to meanwhile, with the ledger as if it were not undone.
func StandingUndo(was, o plan.Observed, around func() Around, undo func(plan.Observed) plan.Plan) plan.Plan {
	return settled(o, undo, func(o plan.Observed, p plan.Plan) []plan.Exception {
		s := standing{before: o.Config.Root, after: p.File(plan.ConfigFile).Edited(o.Config.Root), first: was.Config.Root, ledger: o.Ledger}
		return s.all(around())
	})
}

// Around is what Codex puts around config.toml, and which Codex.
type Around struct {
	Versions []Version // none for the newest
	Layers   Layers
	Profiles []Profile
}

func settled(o plan.Observed, make func(plan.Observed) plan.Plan, find func(plan.Observed, plan.Plan) []plan.Exception) plan.Plan {
	p := make(o)
	for range 4 { // what is kept can bring another table back into play
		more := find(o, p)
		if len(more) == 0 {
			break
		}
		o.Exceptions = append(o.Exceptions[:len(o.Exceptions):len(o.Exceptions)], more...)
		p = make(o)
	}
	return p
}

// needs are tables in which Codex wants one of some keys, as soon as they are there.
var needs = []struct {
	table string
	each  bool // every one of the keys, not one of them
	keys  []string
}{
	{"model_providers", true, []string{"name", "base_url"}},
	{"mcp_servers", false, []string{"command", "url"}},
}

// all are the keys that cannot be given back.
func (s standing) all(around Around) []plan.Exception {
	s.tables()
	s.selector()
	for _, p := range around.Profiles {
		s.out = append(s.out, s.under(p)...)
	}
	if len(s.out) == 0 {
		s.rest(around)
	}
	return s.out
}

func (s *standing) tables() {
	for _, n := range needs {
		for _, m := range s.after.Get(n.table).Members() {
			s.table(plan.Address{n.table, m.Key}, n.keys, n.each)
		}
	}
}

type standing struct {
	before, after plan.Value
	first         plan.Value // what an apply found that is undone
	ledger        plan.Ledger
	set           []plan.Step
	holds         []plan.Entry
	held          map[string]bool // addresses of holds in config.toml, once they were asked for
	rollback      bool
	host          string // the one that our key is for from now on
	profile       *Profile
	out           []plan.Exception
}

// table keeps those keys of ours without which Codex refuses what is left of a table.
func (s *standing) table(a plan.Address, keys []string, each bool) {
	left := s.after.At(a)
	if vacant(left, s.before.At(a)) || !s.rollback && s.policys(a, left) {
		return
	}
	has := func(key string) bool { return !left.Get(key).IsAbsent() }
	if !each && slices.ContainsFunc(keys, has) {
		return
	}
	for _, key := range keys {
		at := append(a[:len(a):len(a)], key)
		e, _ := s.ledger.Find(plan.ConfigFile, at)
		if has(key) || s.before.At(at).IsAbsent() || e.Made == 0 && !(s.rollback && s.isOurs(a, left)) {
			continue // where the table is the user's own, it stood without our key before us
		}
		s.keep(at, s.whyTable(a))
	}
}

// isOurs reports whether all that is in a table is ours, and nothing of it was there before us.
func (s *standing) isOurs(a plan.Address, v plan.Value) bool {
	if e, ours := s.ledger.Find(plan.ConfigFile, a); ours {
		return e.Prior.IsAbsent() && !e.PriorLost && !e.Adopted
	}
	return v.Kind() == plan.KindTable && !slices.ContainsFunc(v.Members(), func(m plan.Member) bool {
		return !s.isOurs(append(a[:len(a):len(a)], m.Key), m.Value)
	})
}

// policys reports whether all that is in a table is what the policy says: then what it
// lacks is the policy's to say too.
func (s *standing) policys(a plan.Address, v plan.Value) bool {
	if s.isHeld(a) {
		return true
	}
	return v.Kind() == plan.KindTable && !slices.ContainsFunc(v.Members(), func(m plan.Member) bool {
		return !s.policys(append(a[:len(a):len(a)], m.Key), m.Value)
	})
}

// isHeld reports an address that the policy says, or one in what it says.
func (s *standing) isHeld(a plan.Address) bool {
	if s.held == nil {
		s.held = make(map[string]bool, len(s.holds))
		for _, e := range s.holds {
			if e.File == plan.ConfigFile {
				s.held[e.Address.Key()] = true
			}
		}
	}
	for n := range len(a) {
		if s.held[a[:n+1].Key()] {
			return true
		}
	}
	return false
}

// keep keeps a key of ours, unless the policy has its own word on it.
func (s *standing) keep(a plan.Address, why string) {
	if _, ours := s.ledger.Find(plan.ConfigFile, a); ours && (!s.says(a) || s.rollback && s.removes(a)) {
		s.out = append(s.out, plan.Exception{Address: a, Reason: why})
	}
}

// says reports whether a plan sets or removes a key, beside what it gives back.
func (s *standing) says(a plan.Address) bool {
	return slices.ContainsFunc(s.set, func(step plan.Step) bool { return a.HasPrefix(step.Address) })
}

func (s *standing) removes(a plan.Address) bool { return s.says(a) && s.after.At(a).IsAbsent() }

// vacant reports a table that is not there, or that goes because nothing is left in it.
// A table without keys is something where it was so before.
func vacant(v, was plan.Value) bool {
	return v.Kind() != plan.KindTable || !slices.ContainsFunc(v.Members(), func(m plan.Member) bool {
		before := was.Get(m.Key)
		return m.Value.Kind() != plan.KindTable || m.Value.Equal(before) || !vacant(m.Value, before)
	})
}

// selector sees to a model_provider whose table is gone.
func (s *standing) selector() {
	at := plan.Address{"model_provider"}
	id, was := s.after.At(at).Text(), s.before.At(at).Text()
	table := plan.Address{"model_providers", id}
	_, own := bringsAlong(id, Version{})
	switch {
	case id == "" || own || !vacant(s.after.At(table), s.before.At(table)):
	case id == was && vacant(s.before.At(table), plan.Value{}), s.first.At(at).Text() == id && vacant(s.first.At(table), plan.Value{}):
		// It was so before.
	case id == was:
		s.keepProvider(table)
	case !s.rollback && s.removes(table):
		// The policy takes away what it gives back the name of: a rule stops it.
	default:
		s.out = append(s.out, plan.Exception{
			Address: at, Gone: true, Reason: fmt.Sprintf("%s from before is not given back: its table is gone, and Codex would not start", plan.Quote(id)),
		})
	}
}
