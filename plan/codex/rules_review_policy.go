package codex

import (
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// newHost looks at every address that something is sent to, and at where the key goes
// once the provider is another one.
func (f *finder) newHost() {
	said := len(f.found)
	f.reviewMoves()
	before, after := Effective(f.Before.Config.Root, f.Before.Auth, f.Env), Effective(f.Root, f.Auth, f.Env)
	if len(f.found) > said || before.Origin() == after.Origin() {
		return
	}
	for _, m := range f.moves() {
		if like(m.at, "model_provider") || like(m.at, "model_providers * base_url") || like(m.at, "openai_base_url") {
			what := "the key goes"
			if after.Credential == FromNothing && f.Desired.Empty() { // what gives back takes the key along
				what = "requests go, without a key,"
			}
			f.review(m.origin, "%s: %s to %s from now on (was %s)", m.full, what, orNobody(after.Origin()), orNobody(before.Origin()))
			return
		}
	}
}

func orNobody(origin string) string {
	if origin == "" {
		return "nobody"
	}
	return origin
}

// runsCommand looks at programs that fetch the key, too.
func (f *finder) runsCommand() {
	for _, c := range f.policy() {
		if f.fetches(c) {
			f.review(c.Origin, "%s: %s is run for the key%s", strings.Join(c.Path, "."), c.After, wasValue(c.Before))
		}
	}
	f.reviewMoves()
}

// policy is what differs beside the keys. Of a home that remembers no policy nothing is
// known, and all that this one says is new.
func (f *finder) policy() []plan.PolicyChange {
	if f.Policy == nil && f.Before.Ledger.Facts == nil {
		return plan.PolicyChanges(nil, f.Desired.Facts)
	}
	return f.Policy
}

// fetches reports a program that is run for the key from now on.
func (f *finder) fetches(c plan.PolicyChange) bool {
	return c.Path[0] == "secret" && !c.After.IsAbsent() && (c.Path[len(c.Path)-1] == "command" || mentions(c.After, "command"))
}

// mentions reports whether a value has a key of this name somewhere in it.
func mentions(v plan.Value, name string) bool {
	return slices.ContainsFunc(v.Items(), func(i plan.Value) bool { return mentions(i, name) }) ||
		slices.ContainsFunc(v.Members(), func(m plan.Member) bool { return m.Key == name || mentions(m.Value, name) })
}

// opensSandbox looks at what the policy no longer enforces, too.
func (f *finder) opensSandbox() {
	f.reviewMoves()
	for _, c := range f.Policy {
		switch path := c.Path.String(); {
		case path == "enforce" && c.Before.True() && !c.After.True():
			f.review(c.Origin, "enforce: users may choose another provider from now on")
		case path == "layer" && c.Before.Text() == "system":
			f.review(c.Origin, "layer: the keys stand in the users' own file from now on, where each may change them")
		case path == "absent":
			f.letIn(c)
		case path == "defaults":
			f.freed(c)
		}
	}
}

// freed looks at keys that the policy had enforced and only proposes from now on.
func (f *finder) freed(c plan.PolicyChange) {
	for _, s := range f.Desired.Settings {
		name := plan.Str(s.Address.String())
		if s.Default && watches(s.Address) && slices.ContainsFunc(c.After.Items(), name.Equal) && !slices.ContainsFunc(c.Before.Items(), name.Equal) &&
			!f.Before.Config.Root.At(s.Address).IsAbsent() {
			f.review(s.Origin, "%s: only a default from now on, which each user may change", s.Address)
		}
	}
}

// secretSource looks at where the key comes from, and in whose hands it is put.
func (f *finder) secretSource() {
	var left []string
	for _, c := range f.Policy {
		path := strings.Join(c.Path, ".")
		switch {
		case path == "codex_home" && c.After.IsAbsent():
			left = append(left, path+" "+c.Before.String())
		case path == "codex_home":
			f.review(c.Origin, "codex_home: the files, and a key in them, are written to %s%s", c.After, wasValue(c.Before))
		case c.Path[0] != "secret" && c.Path[0] != "delivery" && c.Path[0] != "provider", f.fetches(c):
		case c.After.IsAbsent():
			left = append(left, path+" "+c.Before.String())
		default:
			f.review(c.Origin, "%s: %s%s", path, c.After, wasValue(c.Before))
		}
	}
	if len(left) > 0 {
		f.review(plan.Origin{}, "no longer said: %s", strings.Join(left, ", "))
	}
	f.reviewMoves()
}

func (f *finder) confirmWeakened() {
	for _, c := range f.policy() {
		switch path := strings.Join(c.Path, "."); {
		case path == "confirm.enabled" && c.After.Kind() == plan.KindBool && !c.After.True():
			f.review(c.Origin, "%s: the gateway is not asked whether the key is good", path)
		case path == "confirm.on_failure" && c.After.Text() == "keep":
			f.review(c.Origin, "%s: %s, so what the gateway refuses stays in force", path, c.After)
		case path == "confirm.models" && f.Policy != nil: // a first policy asks for what it likes
			if before, after := f.askedFor(c.Before), f.askedFor(c.After); longer(after, before) {
				f.review(c.Origin, "%s: fewer models are asked for: %s%s", path, after, wasValue(before))
			}
		}
	}
}

// askedFor is a list of models; where nobody says which, these are the ones of the policy.
func (f *finder) askedFor(said plan.Value) plan.Value {
	if !said.IsAbsent() {
		return said
	}
	own := slices.DeleteFunc([]plan.Value{f.Root.Get("model"), f.Root.Get("review_model")}, plan.Value.IsAbsent)
	return plan.List(slices.CompactFunc(own, plan.Value.Equal)...)
}
