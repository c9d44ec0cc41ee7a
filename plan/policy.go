package plan

import "slices"

// Fact is one thing that a policy says beside the keys of both files: where the
// secret comes from, how it is confirmed, who follows when. It is as written, with its
// placeholders, and never a secret.
type Fact struct {
	Path   Address
	Value  Value
	Origin Origin // zero in a ledger
}

// PolicyChange is a difference between two policies that is no key of a file.
type PolicyChange struct {
	Path          Address
	Before, After Value  // absent where the policy does not say it
	Origin        Origin // in the newer policy; zero where that does not say it
}

// PolicyChanges are the differences between what two policies say, in the order of
// the newer one, and then of the older one.
func PolicyChanges(before, after []Fact) []PolicyChange {
	var out []PolicyChange
	for _, f := range after {
		if was := said(before, f.Path); !was.Equal(f.Value) {
			out = append(out, PolicyChange{f.Path, was, f.Value, f.Origin})
		}
	}
	for _, f := range before {
		if said(after, f.Path).IsAbsent() {
			out = append(out, PolicyChange{Path: f.Path, Before: f.Value})
		}
	}
	return out
}

func said(facts []Fact, path Address) Value {
	i := slices.IndexFunc(facts, func(f Fact) bool { return f.Path.Equal(path) })
	if i < 0 {
		return Value{}
	}
	return facts[i].Value
}

// Differs reports whether two policies differ, in a key of a file or in anything
// else: where a plan compares policies that is what counts, in a home only Empty.
func (p Plan) Differs() bool { return !p.Empty() || p.Compared && len(p.Policy) > 0 }

// equalFacts reports whether both say the same, known or not.
func equalFacts(a, b []Fact) bool {
	return (a == nil) == (b == nil) && slices.EqualFunc(a, b, func(x, y Fact) bool {
		return x.Path.Equal(y.Path) && x.Value.Equal(y.Value)
	})
}

// factsAfter are the facts that a ledger keeps: of the policy that was applied last,
// nil when that was given back.
func factsAfter(p Plan, l Ledger) []Fact {
	switch {
	case p.Rollback:
		return l.Facts
	case p.Desired.Digest == "" && p.Desired.Facts == nil:
		return nil
	}
	out := make([]Fact, len(p.Desired.Facts))
	for i, f := range p.Desired.Facts {
		out[i] = Fact{Path: f.Path, Value: f.Value}
	}
	return out
}
