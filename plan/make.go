package plan

import (
	"slices"
)

// apiKeyMode is the auth_mode under which Codex uses OPENAI_API_KEY.
const apiKeyMode = "apikey"

// Members of auth.json that can be ours.
var (
	KeyMember  = Address{"OPENAI_API_KEY"}
	ModeMember = Address{"auth_mode"}
)

// Make compares what should be with what is. It is a function in the
// mathematical sense: the same values give the same plan in the same order, and it
// never fails. An empty Desired plans to give everything back.
func Make(d Desired, o Observed) Plan {
	o.Ledger = o.Ledger.indexed()
	config := redacted(configChanges(d, o), o.Ledger)
	auth := authChanges(d, o)
	return Plan{
		Home:      o.Home,
		Desired:   d,
		Files:     []FileChange{configFile(o, config), authFile(d, o, auth)},
		Unmanaged: unmanaged(o, config, auth),
	}
}

func configChanges(d Desired, o Observed) []Change {
	var out []Change
	named := map[string]bool{}
	for _, s := range d.Settings {
		named[s.Address.Key()] = true
		out = append(out, settingChange(s, o))
	}
	for _, r := range d.Absent {
		named[r.Address.Key()] = true
		out = append(out, removalChange(r, o))
	}
	taken := takeOver(d, o)
	for _, r := range taken {
		named[r.Address.Key()] = true
		c := removalChange(r, o)
		c.Reason = "a credential from before goes with its host"
		out = append(out, c)
	}
	covered := func(a Address) bool {
		return slices.ContainsFunc(slices.Concat(d.Absent, taken), func(r Removal) bool { return a.HasPrefix(r.Address) })
	}
	for _, e := range gone(o.Ledger, ConfigFile, named) {
		if !covered(e.Address) {
			out = append(out, goneChange(e, o.Config.Get(e.Address)))
		}
	}
	return out
}

// settingChange compares one key of the desired state with the disk.
func settingChange(s Setting, o Observed) Change {
	before := o.Config.Get(s.Address)
	entry, owned := o.Ledger.Find(ConfigFile, s.Address)
	c := Change{
		Address: s.Address, Before: before, After: s.Value, Default: s.Default, Origin: s.Origin,
		Drift: owned && !entry.Last.IsAbsent() && entry.Last.Equal(s.Value),
	}
	switch {
	case before.Equal(s.Value):
		c.Action, c.Drift = NoOp, false
	case s.Implied && !owned && !before.IsAbsent():
		c.Action, c.After, c.Yours = NoOp, before, true
	case s.Default && !before.IsAbsent() && !(owned && entry.Default && entry.Last.Equal(before)):
		// Somebody chose another value, which is what defaults are for.
		c.Action, c.After, c.Drift, c.Yours = NoOp, before, false, true
	case before.IsAbsent():
		c.Action = Create
	default:
		c.Action = Update
	}
	return c
}

func removalChange(r Removal, o Observed) Change {
	c := Change{Address: r.Address, Before: o.Config.Get(r.Address), Action: Delete, Origin: r.Origin, Reason: "listed under absent"}
	entry, owned := o.Ledger.Find(ConfigFile, r.Address)
	c.Drift = owned && entry.Last.IsAbsent() && !c.Before.IsAbsent()
	if c.Before.IsAbsent() {
		c.Action = NoOp
	}
	return c
}

// gone are the ledger's entries of one file that the desired state no longer
// names, by address.
func gone(l Ledger, file string, named map[string]bool) []Entry {
	var out []Entry
	for _, e := range l.Entries {
		if e.File == file && !named[e.Address.Key()] {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b Entry) int { return a.Address.Compare(b.Address) })
	return out
}

// goneChange gives a key of config.toml back that the desired state no longer names.
func goneChange(e Entry, now Value) Change {
	c := Change{Address: e.Address, Before: now, After: e.Prior, GivesBack: true, Note: e.Note}
	switch {
	case !now.Equal(e.Last):
		return released(c, "changed by someone since: it stays as it is")
	case e.PriorLost, !e.Adopted && !Redact(e.Address, e.Prior).Equal(e.Prior): // an older ledger kept more
		return released(c, "the value from before held a secret, which codexform does not keep: it stays as it is")
	case now.Equal(e.Prior):
		c.Action, c.Note, c.Reason = NoOp, "", "was there before codexform: it stays"
	case e.Prior.IsAbsent():
		c.Action, c.Reason = Delete, "no longer in the desired state"
	case now.IsAbsent():
		c.Action, c.Reason = Create, "no longer under absent: the value from before"
	default:
		c.Action, c.Reason = Update, "no longer in the desired state: the value from before"
	}
	return c
}

func released(c Change, why string) Change {
	c.Action, c.After, c.GivesBack, c.Note, c.Reason = Release, c.Before, false, "", why
	return c
}

// ManagesKey reports whether the desired state wants its secret in auth.json.
func (d Desired) ManagesKey() bool {
	return d.Secret != nil && d.Delivery == DeliveryAuthJSON
}

// NeedsSecret reports whether a plan has to know the secret: it is false when
// the policy names none, or when the disk still holds, by its fingerprint, the
// pinned version that we applied last.
func NeedsSecret(d Desired, o Observed) bool {
	return d.ManagesKey() && !pinnedInPlace(d, o)
}

func pinnedInPlace(d Desired, o Observed) bool {
	e, owned := o.Ledger.Find(AuthFile, KeyMember)
	return owned && d.Secret.Pinned != "" && e.Version == d.Secret.Pinned && e.holds(o.Auth.Key, o.Ledger.FingerprintKey)
}

// KeyAsApplied reports whether auth.json's key is, by its fingerprint, the one that we
// applied last, and of the version that the desired state pins, if it pins one. It
// needs no secret.
func (o Observed) KeyAsApplied(d Desired) bool {
	e, owned := o.Ledger.Find(AuthFile, KeyMember)
	return owned && e.holds(o.Auth.Key, o.Ledger.FingerprintKey) &&
		(d.Secret == nil || d.Secret.Pinned == "" || d.Secret.Pinned == e.Version)
}

// holds reports whether s is, by its fingerprint, what the entry last applied.
func (e Entry) holds(s Secret, key []byte) bool {
	return e.Fingerprint != "" && e.Fingerprint == s.Fingerprint(key)
}

func authChanges(d Desired, o Observed) []Change {
	if d.ManagesKey() {
		out := []Change{keyChange(d, o)}
		if c, wanted := modeChange(d, o); wanted {
			out = append(out, c)
		}
		return out
	}
	return authGone(o)
}

func keyChange(d Desired, o Observed) Change {
	e, owned := o.Ledger.Find(AuthFile, KeyMember)
	c := Change{
		Address: KeyMember, Sensitive: true, Source: d.Secret.Ref, Origin: d.Secret.Origin,
		BeforeVersion: e.Version, AfterVersion: d.Secret.Version, BeforeID: o.Auth.Key.Fingerprint(o.Ledger.FingerprintKey),
	}
	has := o.Auth.Key.Known()
	switch {
	case pinnedInPlace(d, o):
		c.Action, c.AfterVersion = NoOp, e.Version
	case !d.Secret.Value.Known() && has:
		c.Action, c.Unknown = NoOp, true
	case !has:
		c.Action, c.Unknown = Create, !d.Secret.Value.Known()
	case o.Auth.Key.Equal(d.Secret.Value):
		c.Action = NoOp
	default:
		c.Action = Update
		c.Drift = owned && e.holds(d.Secret.Value, o.Ledger.FingerprintKey)
	}
	if c.Unknown {
		c.Reason = d.Secret.Unknown
	}
	return c
}

// modeChange is what has to happen to auth_mode, and whether it concerns us: it
// does when Codex would not use the key otherwise, or when we set it before.
func modeChange(d Desired, o Observed) (Change, bool) {
	e, owned := o.Ledger.Find(AuthFile, ModeMember)
	c := Change{Address: ModeMember, After: Str(apiKeyMode), Origin: d.Secret.Origin}
	if o.Auth.HasMode {
		c.Before = Str(o.Auth.AuthMode)
	}
	c.Drift = owned && e.Last.Equal(c.After)
	switch {
	case o.Auth.HasMode && o.Auth.AuthMode == apiKeyMode:
		c.Action, c.Drift = NoOp, false
		return c, owned
	case o.Auth.HasMode:
		c.Action, c.Reason = Update, "or Codex would not use the key"
	case o.Auth.Rival != "":
		c.Action, c.Reason = Create, "or Codex would prefer "+o.Auth.Rival
	case owned:
		c.Action = Create
	default:
		return Change{}, false
	}
	return c, true
}

// authGone gives auth.json's members back when the key is not ours any more.
func authGone(o Observed) []Change {
	var out []Change
	if e, owned := o.Ledger.Find(AuthFile, KeyMember); owned {
		c := Change{Address: KeyMember, Sensitive: true, BeforeVersion: e.Version, GivesBack: true, Note: e.Note}
		switch {
		case !o.Auth.Key.Known():
			c.Action, c.GivesBack, c.Reason = Release, false, "somebody removed it already"
		case e.Adopted:
			c.Action, c.GivesBack, c.Reason = Release, false, "was there before codexform: it stays"
		case e.holds(o.Auth.Key, o.Ledger.FingerprintKey):
			c.Action, c.Reason = Delete, "no longer in the desired state"
		default:
			c.Action, c.GivesBack, c.Reason = Release, false, "changed by someone since: it stays as it is"
		}
		out = append(out, c)
	}
	if e, owned := o.Ledger.Find(AuthFile, ModeMember); owned {
		now := Value{}
		if o.Auth.HasMode {
			now = Str(o.Auth.AuthMode)
		}
		out = append(out, goneChange(e, now))
	}
	return out
}
