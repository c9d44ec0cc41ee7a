package codex

import (
	"maps"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// rest keeps what else Codex would not start without, by the rules. Of the keys of ours
// that would go, those stay that cannot be left out one by one. A value of the user's
// comes back whatever Codex says of it.
func (s *standing) rest(around Around) {
	refused := around.refusals(s.with(nil))
	if len(refused) == 0 {
		return
	}
	going := s.going()
	left := around.refusals(s.with(going))
	drop(refused, around.refusals(s.before), left)
	if !s.first.IsAbsent() {
		drop(refused, around.refusals(s.first))
	} else if !s.rollback && len(s.holds) > 0 {
		theirs := around.refusals(s.theirs())
		maps.DeleteFunc(refused, func(why string, _ bool) bool { return !theirs[why] })
	}
	if len(refused) == 0 {
		return // it was so before, the keys do not help, or it is the policy that lacks them
	}
	going = least(going, func(fewer []plan.Address) bool { return subset(around.refusals(s.with(fewer)), left) })
	why := slices.Min(slices.Collect(maps.Keys(refused)))
	for _, a := range going {
		s.keep(a, "kept: otherwise "+why)
	}
}

// least leaves out of some keys what can be: tables first, because one key of a table may
// be wanted only while another is there.
func least(keys []plan.Address, enough func([]plan.Address) bool) []plan.Address {
	for depth, more := 1, true; more; depth++ {
		more = false
		tried := map[string]bool{}
		for _, a := range slices.Clone(keys) {
			if len(a) < depth || tried[a[:depth].Key()] {
				continue
			}
			more, tried[a[:depth].Key()] = true, true
			fewer := slices.DeleteFunc(slices.Clone(keys), func(k plan.Address) bool { return k.HasPrefix(a[:depth]) })
			if len(fewer) < len(keys) && enough(fewer) {
				keys = fewer
			}
		}
	}
	return keys
}

// theirs is what the user would have without the policy too.
func (s *standing) theirs() plan.Value {
	root := s.after
	for _, e := range s.holds {
		if e.File == plan.ConfigFile {
			root = root.With(e.Address, e.Prior)
		}
	}
	return withoutVacant(root, s.before)
}

// going are the keys of ours that would go and leave nothing of the user's there.
func (s *standing) going() []plan.Address {
	var out []plan.Address
	for _, e := range s.ledger.Entries {
		now := s.before.At(e.Address)
		if e.File == plan.ConfigFile && !now.IsAbsent() && s.after.At(e.Address).IsAbsent() && e.Prior.IsAbsent() && !s.says(e.Address) {
			out = append(out, e.Address)
		}
	}
	return out
}

// with is what would be, with some keys as they are.
func (s *standing) with(keys []plan.Address) plan.Value {
	root := s.after
	for _, a := range keys {
		root = root.With(a, s.before.At(a))
	}
	return withoutVacant(root, s.before)
}

// withoutVacant is a table without those in it that go because nothing is left in them.
func withoutVacant(v, was plan.Value) plan.Value {
	for _, m := range v.Members() {
		before := was.Get(m.Key)
		switch {
		case m.Value.Kind() != plan.KindTable || m.Value.Equal(before):
		case vacant(m.Value, before):
			v = v.Without(plan.Address{m.Key})
		default:
			v = v.With(plan.Address{m.Key}, withoutVacant(m.Value, before))
		}
	}
	return v
}

func drop(set map[string]bool, others ...map[string]bool) {
	for _, o := range others {
		maps.DeleteFunc(set, func(why string, _ bool) bool { return o[why] })
	}
}

func subset(a, b map[string]bool) bool {
	for k := range a {
		if !b[k] {
			return false
		}
	}
	return true
}

// refusals are why Codex would not start with a config.toml, alone and under each profile.
func (a Around) refusals(root plan.Value) map[string]bool {
	out := map[string]bool{}
	check := func(root plan.Value, who string) {
		for _, d := range CheckVersions(Checked{Root: root, Layers: a.Layers}, a.Versions) {
			if d.Stops {
				out[strings.Replace(d.Summary, "Codex", who, 1)] = true
			}
		}
	}
	check(root, "Codex")
	for _, p := range a.Profiles {
		check(overlay(root, p.Root), "codex --profile "+p.Name)
	}
	return out
}
