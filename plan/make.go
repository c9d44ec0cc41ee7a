package plan

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
	o.Ledger = o.Ledger.Indexed()
	config, auth, pins := holdingOf(o, ConfigFile), holdingOf(o, AuthFile), holdingOf(o, PinsFile)
	config.destroy, auth.destroy, pins.destroy = d.Empty(), d.Empty(), d.Empty()
	config.work(d.wishes(o))
	pins.work(d.pinWishes(o))
	key := keyChanges(d, o)
	auth.leaveLogin(key, o)
	auth.work(d.modeWishes(o))
	return assemble(d, o, config, auth, pins, key)
}

// Empty reports a desired state that wants nothing: its plan gives everything back.
func (d Desired) Empty() bool {
	return len(d.Settings) == 0 && len(d.Absent) == 0 && d.Secret == nil && d.Digest == ""
}

// assemble is the plan of all files; key is what happens to the key.
func assemble(d Desired, o Observed, config, auth, pins *holding, key []Change) Plan {
	changes := redacted(ConfigFile, config.changes, o.Ledger)
	members := append(key, redacted(AuthFile, auth.changes, o.Ledger)...)
	second := authFile(d, o, auth, members)
	if o.System {
		pinned := redacted(PinsFile, pins.changes, o.Ledger)
		return Plan{
			Home: o.Home, Desired: d,
			Files: o.modeless(systemFile(o.Config, config, changes), systemFile(o.Pins, pins, pinned)),
			Holds: append(config.entries, pins.entries...), Moves: append(config.moves(), pins.moves()...),
			Unmanaged: unmanaged(o, changes, nil) + others(o.Pins.Root, pinned),
		}
	}
	return Plan{
		Home:      o.Home,
		Desired:   d,
		Files:     o.modeless(configFile(o, config, changes), second),
		Holds:     append(config.entries, auth.entries...),
		Moves:     append(config.moves(), auth.moves()...),
		Unmanaged: unmanaged(o, changes, members),
	}
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

// keyChanges is what happens to the key in auth.json, if it concerns us.
func keyChanges(d Desired, o Observed) []Change {
	if d.ManagesKey() {
		return []Change{keyChange(d, o)}
	}
	return keyGone(d, o)
}

func keyChange(d Desired, o Observed) Change {
	e, owned := o.Ledger.Find(AuthFile, KeyMember)
	c := Change{
		Address: KeyMember, Sensitive: true, Source: d.Secret.Ref, Origin: d.Secret.Origin,
		BeforeVersion: e.Version, AfterVersion: d.Secret.Version, BeforeID: o.Auth.Key.Fingerprint(o.Ledger.FingerprintKey),
	}
	if c.BeforeStamp = o.Auth.Stamp; !o.Auth.Exists {
		c.BeforeStamp = "no file"
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
		if e.Adopted || !e.holds(o.Auth.Key, o.Ledger.FingerprintKey) {
			c.Displaces, c.Reason = true, "your present key is replaced, and not kept"
		}
	}
	if c.Unknown && d.Secret.Unknown != "" {
		c.Reason = d.Secret.Unknown
	}
	return c
}

// modeWishes is what we want of auth_mode: something when Codex would not use the key
// otherwise, or when we set it before.
func (d Desired) modeWishes(o Observed) []wish {
	_, owned := o.Ledger.Find(AuthFile, ModeMember)
	right := o.Auth.HasMode && o.Auth.AuthMode == apiKeyMode
	w := wish{Setting: Setting{Address: ModeMember, Value: Str(apiKeyMode)}}
	switch {
	case !d.ManagesKey(), right && !owned, !o.Auth.HasMode && o.Auth.Rival == "" && !owned:
		return nil
	case right:
	case o.Auth.HasMode:
		w.reason = "or Codex would not use the key"
	case o.Auth.Rival != "":
		w.reason = "or Codex would prefer " + o.Auth.Rival
	}
	w.Origin = d.Secret.Origin
	return []wish{w}
}

// leaveLogin gives auth_mode up where somebody has logged in anew since: it goes with
// the key that is there now, and what was before us is history.
func (h *holding) leaveLogin(key []Change, o Observed) {
	switch {
	case len(key) == 0:
	case key[0].Reason == someone:
		h.letGo("it goes with the key, which is not ours")
	case key[0].Displaces, key[0].Action == Create && !o.Auth.Exists:
		h.letGo("")
	}
}

func modeTree(a Auth) Value {
	if !a.HasMode {
		return Table()
	}
	return Table(Member{ModeMember[0], Str(a.AuthMode)})
}

// keyGone gives the key in auth.json back when it is not ours any more.
func keyGone(d Desired, o Observed) []Change {
	e, owned := o.Ledger.Find(AuthFile, KeyMember)
	if !owned {
		return nil
	}
	c := Change{Address: KeyMember, Sensitive: true, BeforeVersion: e.Version, Action: Release}
	switch {
	case !o.Auth.Key.Known():
		c.Reason = "somebody removed it already"
	case e.Adopted:
		c.Reason = "was there before codexform: it stays"
	case !e.holds(o.Auth.Key, o.Ledger.FingerprintKey):
		c.Reason = someone
	default:
		c.Action, c.GivesBack, c.Note, c.Reason = Delete, true, e.Note, "no longer in the desired state"
		if d.Empty() {
			c.Reason = "given back: it is ours"
		}
		if e.Displaced {
			c.Reason += "; your key from before it was not kept"
		}
	}
	return []Change{c}
}
