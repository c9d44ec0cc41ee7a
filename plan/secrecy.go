package plan

import "strconv"

// Grade says how sure it is that a text is a secret.
type Grade uint8

// The grades. What may be a secret is masked, and not kept, where it is the user's;
// a policy's own text of that grade is shown, because a reviewer has to see it.
const (
	Harmless    Grade = iota
	MayBeSecret       // by its place: an argument, a header, a variable's value
	IsSecret          // by its name or its shape: refused in a policy, masked elsewhere
)

// Masked stands in a Value for a text, or for the part of one, that is or may be a secret.
const Masked = secretMask

// Redact is v, found at a in a file of the user's, with everything masked that is a
// secret or may be one. Of a URL its host stays, of an argument its name.
func Redact(a Address, v Value) Value {
	return (&hider{}).value(a, a, v)
}

// Secrecy is the grade of the most secret text in v, at a.
func Secrecy(a Address, v Value) Grade {
	h := &hider{}
	h.value(a, a, v)
	return h.most
}

// Secrets are the addresses, a in front, of all texts in v that are secrets: those
// that no policy may hold. The items of a list count from 1.
func Secrets(a Address, v Value) []Address {
	h := &hider{}
	h.value(a, a, v)
	return h.secrets
}

// LooksSecret reports whether a text is a secret by its own shape, wherever it stands.
func LooksSecret(s string) bool {
	shown, g := hideURLs(s, false)
	return g == IsSecret || hasShape(shown)
}

// KeySecrecy is the grade of a text that stands where a key's name belongs.
func KeySecrecy(key string) Grade {
	switch {
	case LooksSecret(key):
		return IsSecret
	case drawn(key) && !pathName(key):
		return MayBeSecret
	}
	return Harmless
}

// hider walks a value and masks; it is the one notion of a secret.
type hider struct {
	most    Grade
	secrets []Address
	command string // of the table that is walked: what runs its arguments
}

func (h *hider) found(at Address, g Grade) {
	h.most = max(h.most, g)
	if g == IsSecret {
		h.secrets = append(h.secrets, at)
	}
}

// value hides what is in v, whose place a counts no items and whose place at does.
func (h *hider) value(a, at Address, v Value) Value {
	switch v.Kind() {
	case KindString:
		return h.text(at, v, func() (string, Grade) { return hideText(placeOf(a), v.Text()) })
	case KindList:
		return h.list(a, at, v)
	case KindTable:
		return h.table(a, at, v)
	case KindInt, KindFloat:
		return h.number(a, at, v)
	}
	return v
}

// number hides a long one under the name of a secret: a PIN, a password of digits.
func (h *hider) number(a, at Address, v Value) Value {
	if p := placeOf(a); !p.named || plainWord(v.TOML()) && !passName(p.name) || harmlessAs(p.name, v.TOML()) {
		return v
	}
	h.found(at, IsSecret)
	return Str(Masked)
}

// text keeps v itself where nothing was masked.
func (h *hider) text(at Address, v Value, hide func() (string, Grade)) Value {
	text, g := hide()
	h.found(at, g)
	if text == v.Text() {
		return v
	}
	return Str(text)
}

func (h *hider) table(a, at Address, v Value) Value {
	outer := h.command
	h.command = v.Get("command").Text()
	members := make([]Member, len(v.Members()))
	for i, m := range v.Members() {
		here := below(at, m.Key)
		members[i] = Member{m.Key, h.value(below(a, m.Key), here, m.Value)}
		if g := KeySecrecy(m.Key); g > Harmless {
			h.found(here, g)
			members[i].Key = Masked + strconv.Itoa(i+1)
		}
	}
	h.command = outer
	return Table(members...)
}

func (h *hider) list(a, at Address, v Value) Value {
	p := placeOf(a)
	items := make([]Value, len(v.Items()))
	args := argumentsOf(p, h.command, v.Items())
	for i, item := range v.Items() {
		here := below(at, strconv.Itoa(i+1))
		if item.Kind() == KindString && args != nil {
			items[i] = h.text(here, item, func() (string, Grade) { return args.hide(i) })
			continue
		}
		items[i] = h.value(a, here, item)
	}
	return List(items...)
}

func below(a Address, name string) Address { return append(a[:len(a):len(a)], name) }

// redacted masks what is the user's in changes of a TOML file: what was there
// before, unless it is what a policy asks for or asked for last. A policy's own
// value stays: it has been refused where it was a secret, and a reviewer has to see it.
func redacted(file string, changes []Change, l Ledger) []Change {
	for i, c := range changes {
		e, _ := l.Find(file, c.Address)
		ours := func(v Value) bool {
			return !c.Yours && (c.Action == NoOp && v.Equal(c.After) || !e.Last.IsAbsent() && v.Equal(e.Last))
		}
		before := c.Before
		if !ours(before) {
			changes[i].Before = Redact(c.Address, before)
		}
		if c.Yours || c.Action == Release {
			changes[i].After = changes[i].Before
		}
	}
	return changes
}
