package codex

import (
	"bytes"
	"slices"

	"github.com/codexform/codexform/plan"
)

// restack does a plan's edits of a file in TOML anew from the ground: all that we hold is
// taken back, and what we are to hold is written upon that. So the file is the one that
// the policy would have made of the user's own, whatever policies came between, and the
// notes know of no others. It is done only where nobody has written among our keys:
// where the same way back and forth gives the file as it is. Otherwise, or where
// nothing of ours stays, it reports false.
func (s Snapshot) restack(p plan.Plan, name string) ([]byte, []plan.Entry, bool) {
	held := entriesOf(s.Observed.Ledger.Entries, name)
	wanted := entriesOf(p.Holds, name)
	if len(held) == 0 || len(wanted) == 0 {
		return nil, nil, false
	}
	was, root := s.side(name)
	var back []plan.Step
	for _, e := range held {
		if e.PriorLost {
			return nil, nil, false
		}
		back = append(back, plan.Step{Address: e.Address, Value: e.Prior, Note: e.Note})
	}
	base, err := s.edit(name, was.Data, back, s.notes(name, nil))
	if err == nil {
		base.Data, err = s.emptied(name, base.Data, back)
	}
	if err != nil {
		return nil, nil, false
	}
	if !s.stacks(name, base.Data, held, was.Data) {
		return nil, nil, false
	}
	data, entries, ok := s.stack(name, base.Data, wanted)
	return data, entries, ok && s.says(data, p.File(name).Edited(root))
}

// asWritten is what we are to hold in the order in which it came to be ours, which is the one
// in which it was written: what we hold already, then what is new.
func (s Snapshot) asWritten(holds []plan.Entry) []plan.Entry {
	ages := map[string]map[string]int{}
	for i, e := range s.Observed.Ledger.Entries {
		if ages[e.File] == nil {
			ages[e.File] = make(map[string]int, len(s.Observed.Ledger.Entries))
		}
		ages[e.File][e.Address.Key()] = i - len(s.Observed.Ledger.Entries)
	}
	type aged struct{ age, at int } // an entry is large to move, and its age costs
	order := make([]aged, len(holds))
	for i, e := range holds {
		age, _ := plan.In(ages[e.File], e.Address)
		if age < 0 && s.written(age, e) {
			age = 0
		}
		order[i] = aged{age, i}
	}
	older := func(a, b aged) int { return a.age - b.age }
	if slices.IsSortedFunc(order, older) {
		return holds
	}
	slices.SortStableFunc(order, older)
	out := make([]plan.Entry, len(holds))
	for i, o := range order {
		out[i] = holds[o.at]
	}
	return out
}

// written reports whether what we are to hold is written only now: until now, the entry of
// that age was the user's own value, which the policy wanted.
func (s Snapshot) written(age int, e plan.Entry) bool {
	was := s.Observed.Ledger.Entries[len(s.Observed.Ledger.Entries)+age]
	return was.Adopted && was.Note == "" && !was.Last.Equal(e.Last)
}

// stacks reports whether what we hold, written upon what is the user's, gives a file.
func (s Snapshot) stacks(name string, base []byte, held []plan.Entry, want []byte) bool {
	got, _, ok := s.stack(name, base, held)
	return ok && bytes.Equal(got, want)
}

// says reports whether a file says what a plan wants of it; tables without keys
// do not count. It does not where the plan leaves a key of ours behind on purpose, or as
// somebody else wrote it.
func (s Snapshot) says(data []byte, want plan.Value) bool {
	doc, err := s.decoder.document(data)
	return err == nil && filled(doc.Root).Equal(filled(want))
}

// filled is a table without the tables in it that have no keys.
func filled(v plan.Value) plan.Value {
	var out []plan.Member
	for _, m := range v.Members() {
		if m.Value.Kind() == plan.KindTable {
			if m.Value = filled(m.Value); len(m.Value.Members()) == 0 {
				continue
			}
		}
		out = append(out, m)
	}
	return plan.Table(out...)
}

func entriesOf(all []plan.Entry, file string) []plan.Entry {
	var out []plan.Entry
	for _, e := range all {
		if e.File == file {
			out = append(out, e)
		}
	}
	return out
}

func others(all []plan.Entry, file string) []plan.Entry {
	return slices.DeleteFunc(slices.Clone(all), func(e plan.Entry) bool { return e.File == file })
}

// stack writes what we hold upon what is the user's, and gives the entries with the
// notes of that.
func (s Snapshot) stack(name string, base []byte, entries []plan.Entry) ([]byte, []plan.Entry, bool) {
	var steps []plan.Step
	for _, e := range entries {
		steps = append(steps, plan.Step{Address: e.Address, Value: e.Last})
	}
	got, err := s.edit(name, base, steps, nil)
	if err != nil {
		return nil, nil, false
	}
	out := make([]plan.Entry, len(entries))
	for i, e := range entries {
		e.Note = ""
		if n := got.Notes[i]; !e.PriorLost && !n.Secret() {
			e.Note = n
		}
		out[i] = e
	}
	return got.Data, out, true
}
