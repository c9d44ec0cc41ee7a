package plan_test

import (
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/plan"
)

// Three managers write a home: we, the user, and Codex itself. The cases follow
// the named ones of structured merge: apply twice, apply, update, apply with and
// without conflict, remove, omitted, preserve what is unknown.

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// home is a Codex home that a case plays on.
type home struct {
	t *testing.T
	o plan.Observed
}

func newHome(t *testing.T, config ...plan.Setting) *home {
	h := &home{t: t}
	h.o.Ledger.FingerprintKey = []byte("machine")
	h.edits(config...)
	return h
}

// edits is somebody else setting keys: the user by hand, or Codex.
func (h *home) edits(settings ...plan.Setting) {
	p := plan.Make(plan.Desired{Settings: settings}, plan.Observed{Config: h.o.Config})
	h.o.Config = plan.After(plan.Observed{Config: h.o.Config}, p, noon).Config
}

// removes is somebody else removing a key.
func (h *home) removes(path ...string) {
	p := plan.Make(plan.Desired{Absent: []plan.Removal{{Address: path}}}, plan.Observed{Config: h.o.Config})
	h.o.Config = plan.After(plan.Observed{Config: h.o.Config}, p, noon).Config
}

// apply is us, with the actions that a person would see, by address.
func (h *home) apply(d plan.Desired, want map[string]plan.Action) plan.Plan {
	h.t.Helper()
	p := plan.Make(d, h.o)
	got := map[string]plan.Action{}
	for _, f := range p.Files {
		for _, c := range f.Changes {
			got[c.Address.String()] = c.Action
		}
	}
	if !sameActions(got, want) {
		h.t.Fatalf("actions: got %v, want %v", got, want)
	}
	h.o = plan.After(h.o, p, noon)
	return p
}

func sameActions(a, b map[string]plan.Action) bool {
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return len(a) == len(b)
}

func (h *home) holds(path string, want plan.Value) {
	h.t.Helper()
	if got := h.o.Config.Get(plan.Address{path}); !got.Equal(want) {
		h.t.Fatalf("%s: got %q, want %q", path, got, want)
	}
}

func (h *home) owns(n int) {
	h.t.Helper()
	if got := len(h.o.Ledger.Entries); got != n {
		h.t.Fatalf("the ledger owns %d keys, want %d: %+v", got, n, h.o.Ledger.Entries)
	}
}

func key(name string, v plan.Value) plan.Setting {
	return plan.Setting{Address: plan.Address{name}, Value: v}
}

func wants(settings ...plan.Setting) plan.Desired { return plan.Desired{Settings: settings} }

func byDefault(name string, v plan.Value) plan.Desired {
	return wants(plan.Setting{Address: plan.Address{name}, Value: v, Default: true})
}

func forbids(path ...string) plan.Desired {
	return plan.Desired{Absent: []plan.Removal{{Address: path}}}
}

type actions = map[string]plan.Action

var (
	none = plan.Value{}
	a    = plan.Str("a")
	b    = plan.Str("b")
)

func TestOwnership(t *testing.T) {
	cases := map[string]func(h *home){
		"apply twice": func(h *home) {
			h.apply(wants(key("model", a)), actions{"model": plan.Create})
			p := h.apply(wants(key("model", a)), actions{"model": plan.NoOp})
			if !p.Empty() || p.Summary().Drift != 0 {
				h.t.Errorf("the second plan is not empty: %+v", p.Summary())
			}
		},
		"apply, the user updates another key, apply": func(h *home) {
			h.apply(wants(key("model", a)), actions{"model": plan.Create})
			h.edits(key("personality", b))
			h.apply(wants(key("model", a)), actions{"model": plan.NoOp})
			h.holds("personality", b)
		},
		"apply, Codex updates the same key, apply: drift": func(h *home) {
			h.apply(wants(key("model", a)), actions{"model": plan.Create})
			h.edits(key("model", b))
			p := h.apply(wants(key("model", a)), actions{"model": plan.Update})
			if s := p.Summary(); s.Drift != 1 {
				h.t.Errorf("drift: got %d, want 1", s.Drift)
			}
			h.holds("model", a)
		},
		"apply, the user removes the key, apply: drift": func(h *home) {
			h.apply(wants(key("model", a)), actions{"model": plan.Create})
			h.removes("model")
			if p := h.apply(wants(key("model", a)), actions{"model": plan.Create}); p.Summary().Drift != 1 {
				h.t.Error("a removed key is not marked as drift")
			}
		},
		"a new value in the policy is no drift": func(h *home) {
			h.apply(wants(key("model", a)), actions{"model": plan.Create})
			if p := h.apply(wants(key("model", b)), actions{"model": plan.Update}); p.Summary().Drift != 0 {
				h.t.Error("a change of the policy is marked as drift")
			}
		},
		"omitted after create: removed": func(h *home) {
			h.apply(wants(key("model", a), key("personality", b)), actions{"model": plan.Create, "personality": plan.Create})
			h.apply(wants(key("model", a)), actions{"model": plan.NoOp, "personality": plan.Delete})
			h.holds("personality", none)
			h.owns(1)
		},
		"omitted after update: the value from before us": func(h *home) {
			h.edits(key("model", b))
			h.apply(wants(key("model", a)), actions{"model": plan.Update})
			h.apply(wants(), actions{"model": plan.Update})
			h.holds("model", b)
			h.owns(0)
		},
		"the value from before us outlives many applies and drift": func(h *home) {
			h.edits(key("model", b))
			h.apply(wants(key("model", a)), actions{"model": plan.Update})
			h.edits(key("model", plan.Str("c")))
			h.apply(wants(key("model", a)), actions{"model": plan.Update})
			h.apply(wants(key("model", plan.Str("d"))), actions{"model": plan.Update})
			h.apply(wants(), actions{"model": plan.Update})
			h.holds("model", b)
		},
		"omitted after the user changed it: released": func(h *home) {
			h.apply(wants(key("model", a)), actions{"model": plan.Create})
			h.edits(key("model", b))
			if p := h.apply(wants(), actions{"model": plan.Release}); !p.Empty() {
				h.t.Error("a released key changes something")
			}
			h.holds("model", b)
			h.owns(0)
		},
		"omitted after the user removed it: released": func(h *home) {
			h.edits(key("model", b))
			h.apply(wants(key("model", a)), actions{"model": plan.Update})
			h.removes("model")
			h.apply(wants(), actions{"model": plan.Release})
			h.holds("model", none)
		},
		"adopted: it was right already, so it stays when it is omitted": func(h *home) {
			h.edits(key("model", a))
			h.apply(wants(key("model", a)), actions{"model": plan.NoOp})
			h.owns(1)
			if !h.o.Ledger.Entries[0].Adopted {
				h.t.Error("the ledger does not say that it was there")
			}
			h.apply(wants(), actions{"model": plan.NoOp})
			h.holds("model", a)
			h.owns(0)
		},
		"an adopted key that drifts is drift": func(h *home) {
			h.edits(key("model", a))
			h.apply(wants(key("model", a)), actions{"model": plan.NoOp})
			h.edits(key("model", b))
			if p := h.apply(wants(key("model", a)), actions{"model": plan.Update}); p.Summary().Drift != 1 {
				h.t.Error("no drift")
			}
		},
		"a lost ledger adopts": func(h *home) {
			h.apply(wants(key("model", a)), actions{"model": plan.Create})
			h.o.Ledger.Entries = nil
			h.apply(wants(key("model", a)), actions{"model": plan.NoOp})
			h.owns(1)
			h.apply(wants(), actions{"model": plan.NoOp})
			h.holds("model", a)
		},
		"a default is written while the key is absent": func(h *home) {
			h.apply(byDefault("approval_policy", a), actions{"approval_policy": plan.Create})
			h.owns(1)
		},
		"a default leaves what the user chose": func(h *home) {
			h.edits(key("approval_policy", b))
			p := h.apply(byDefault("approval_policy", a), actions{"approval_policy": plan.NoOp})
			h.holds("approval_policy", b)
			h.owns(0)
			if p.Unmanaged != 1 {
				h.t.Errorf("unmanaged: got %d, want 1: the key is the user's", p.Unmanaged)
			}
		},
		"a default is the user's once it was changed": func(h *home) {
			h.apply(byDefault("approval_policy", a), actions{"approval_policy": plan.Create})
			h.edits(key("approval_policy", b))
			h.apply(byDefault("approval_policy", a), actions{"approval_policy": plan.NoOp})
			h.owns(0)
			h.apply(wants(), actions{})
			h.holds("approval_policy", b)
		},
		"a default that nobody changed follows the policy": func(h *home) {
			h.apply(byDefault("approval_policy", a), actions{"approval_policy": plan.Create})
			h.apply(byDefault("approval_policy", b), actions{"approval_policy": plan.Update})
			h.apply(wants(), actions{"approval_policy": plan.Delete})
			h.holds("approval_policy", none)
		},
		"absent removes, and gives back when it is no longer listed": func(h *home) {
			h.edits(key("network_access", b))
			h.apply(forbids("network_access"), actions{"network_access": plan.Delete})
			h.holds("network_access", none)
			h.apply(forbids("network_access"), actions{"network_access": plan.NoOp})
			h.apply(wants(), actions{"network_access": plan.Create})
			h.holds("network_access", b)
			h.owns(0)
		},
		"absent of what was never there owns nothing": func(h *home) {
			h.apply(forbids("network_access"), actions{"network_access": plan.NoOp})
			h.owns(0)
		},
		"absent, and the user puts it back: drift, then released when no longer listed": func(h *home) {
			h.edits(key("network_access", b))
			h.apply(forbids("network_access"), actions{"network_access": plan.Delete})
			h.edits(key("network_access", a))
			if p := plan.Make(forbids("network_access"), h.o); p.Summary().Drift != 1 {
				h.t.Error("no drift")
			}
			h.apply(wants(), actions{"network_access": plan.Release})
			h.holds("network_access", a)
		},
		"absent of a table that holds our keys gives back only what was there before us": func(h *home) {
			h.edits(plan.Setting{Address: plan.Address{"t", "theirs"}, Value: b})
			ours := wants(plan.Setting{Address: plan.Address{"t", "ours"}, Value: a})
			h.apply(ours, actions{"t.ours": plan.Create})
			h.apply(forbids("t"), actions{"t": plan.Delete})
			h.apply(wants(), actions{"t": plan.Create})
			h.holds("t", plan.Table(plan.Member{Key: "theirs", Value: b}))
			h.owns(0)
		},
		"two policies, one after the other": func(h *home) {
			h.edits(key("model", plan.Str("mine")))
			h.apply(wants(key("model", a), key("x", a)), actions{"model": plan.Update, "x": plan.Create})
			h.apply(wants(key("model", b), key("y", b)), actions{"model": plan.Update, "x": plan.Delete, "y": plan.Create})
			h.apply(wants(), actions{"model": plan.Update, "y": plan.Delete})
			h.holds("model", plan.Str("mine"))
			h.holds("y", none)
			h.owns(0)
		},
		"a secret of the user's is neither shown nor kept": func(h *home) {
			token := plan.Setting{Address: plan.Address{"old", "experimental_bearer_token"}, Value: plan.Str("hunter2-hunter2")}
			h.edits(token, plan.Setting{Address: plan.Address{"old", "name"}, Value: a})
			p := h.apply(forbids("old"), actions{"old": plan.Delete})
			before := p.File(plan.ConfigFile).Changes[0].Before
			if got := before.Get("experimental_bearer_token").Text(); got != plan.Masked {
				h.t.Errorf("before shows %q", got)
			}
			if e := h.o.Ledger.Entries[0]; !e.PriorLost || e.Note != "" {
				h.t.Errorf("the ledger keeps it: %+v", e)
			}
			if got := p.File(plan.ConfigFile).Changes[0].Reason; !strings.HasSuffix(got, "so this will not come back: old.experimental_bearer_token") {
				h.t.Errorf("the plan that takes it says %q", got)
			}
			h.apply(wants(), actions{"old": plan.Create})
			h.holds("old", plan.Table(plan.Member{Key: "name", Value: a}))
		},
		"a secret of the user's in a table taken away again is said, and neither shown nor kept": func(h *home) {
			h.edits(plan.Setting{Address: plan.Address{"old", "name"}, Value: a})
			h.apply(forbids("old"), actions{"old": plan.Delete})
			h.edits(plan.Setting{Address: plan.Address{"old", "experimental_bearer_token"}, Value: plan.Str("hunter2-hunter2")})
			p := h.apply(forbids("old"), actions{"old": plan.Delete})
			if got := p.File(plan.ConfigFile).Changes[0].Reason; !strings.HasSuffix(got, "so this will not come back: old.experimental_bearer_token") {
				h.t.Errorf("the plan that takes it says %q", got)
			}
			h.edits(plan.Setting{Address: plan.Address{"old", "mine"}, Value: b})
			p = h.apply(forbids("old"), actions{"old": plan.Delete})
			if got := p.File(plan.ConfigFile).Changes[0].Reason; strings.Contains(got, "come back") {
				h.t.Errorf("the plan that takes no secret says %q", got)
			}
			h.apply(wants(), actions{"old": plan.Create})
			h.holds("old", plan.Table(plan.Member{Key: "name", Value: a}, plan.Member{Key: "mine", Value: b}))
		},
		"a default gives back what was there before a setting, and says so": func(h *home) {
			h.edits(key("x", plan.Str("mine")))
			h.apply(wants(key("x", a)), actions{"x": plan.Update})
			soft := key("x", b)
			soft.Default = true
			p := h.apply(wants(soft), actions{"x": plan.Update})
			if c := p.File(plan.ConfigFile).Changes[0]; !c.After.Equal(plan.Str("mine")) || !c.GivesBack || !strings.Contains(c.Reason, "gives way") {
				h.t.Errorf("the plan says %+v", c)
			}
			h.owns(0)
		},
		"what somebody wrote over a key of ours is theirs once a policy wants it": func(h *home) {
			h.apply(wants(key("x", a)), actions{"x": plan.Create})
			h.edits(key("x", b))
			h.apply(wants(key("x", b)), actions{"x": plan.NoOp})
			h.apply(wants(key("x", a)), actions{"x": plan.Update})
			h.apply(wants(), actions{"x": plan.Update})
			h.holds("x", b)
			h.owns(0)
		},
	}
	for name, play := range cases {
		t.Run(name, func(t *testing.T) { play(newHome(t)) })
	}
}

// The editor's note is kept from the first edit of a key on, but not where it
// would carry a secret of the user's or bring our own keys back.
func TestRememberUndo(t *testing.T) {
	note := func(_ string, a plan.Address) plan.Note { return plan.Note("note for " + a.String()) }
	h := newHome(t, key("model", b), plan.Setting{Address: plan.Address{"old", "experimental_bearer_token"}, Value: plan.Str("hunter2-hunter2")})
	d := wants(key("model", a))
	d.Absent = []plan.Removal{{Address: plan.Address{"old"}}}
	l := plan.Remember(plan.Make(d, h.o), h.o, note, noon)
	if e, _ := l.Find(plan.ConfigFile, plan.Address{"model"}); e.Note != "note for model" {
		t.Errorf("model: %q", e.Note)
	}
	if e, _ := l.Find(plan.ConfigFile, plan.Address{"old"}); e.Note != "" || !e.PriorLost {
		t.Errorf("old: %+v", e)
	}
	h.o.Ledger = l
	h.edits(key("model", plan.Str("c")))
	later := func(string, plan.Address) plan.Note { return "a later note" }
	l = plan.Remember(plan.Make(d, h.o), h.o, later, noon)
	if e, _ := l.Find(plan.ConfigFile, plan.Address{"model"}); e.Note != "note for model" {
		t.Errorf("model after drift: %q", e.Note)
	}
}
