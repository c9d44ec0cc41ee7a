package plan_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
)

const (
	oldKey = "sk-old-0000000000000000"
	newKey = "sk-new-1111111111111111"
)

func secret(text string) plan.Secret { return plan.NewSecret([]byte(text)) }

// delivers is a policy that wants a key in auth.json.
func delivers(text string, settings ...plan.Setting) plan.Desired {
	return plan.Desired{
		Settings: settings,
		Delivery: plan.DeliveryAuthJSON,
		Secret:   &plan.Wanted{Ref: "env:KEY", Value: secret(text)},
	}
}

func TestAuth(t *testing.T) {
	const key, mode = "OPENAI_API_KEY", "auth_mode"
	login := plan.Auth{Exists: true, Mode: 0o600, HasMode: true, AuthMode: "chatgpt", Login: true, Members: 2}
	cases := map[string]struct {
		auth plan.Auth
		play func(h *home)
	}{
		"first install": {plan.Auth{}, func(h *home) {
			p := h.apply(delivers(newKey), actions{key: plan.Create})
			if f := p.File(plan.AuthFile); f.Action != plan.Create || f.Mode != 0o600 {
				h.t.Errorf("file: %+v", f)
			}
			p = h.apply(delivers(newKey), actions{key: plan.NoOp})
			if !p.Empty() {
				h.t.Error("the second plan is not empty")
			}
			p = h.apply(wants(), actions{key: plan.Delete})
			if f := p.File(plan.AuthFile); f.Action != plan.Delete {
				h.t.Errorf("an empty auth.json of ours stays: %+v", f)
			}
			if h.o.Auth.Exists {
				h.t.Error("auth.json is still there")
			}
		}},
		"another key": {plan.Auth{Exists: true, Mode: 0o600, Key: secret(oldKey)}, func(h *home) {
			h.apply(delivers(newKey), actions{key: plan.Update})
			if !h.o.Auth.Key.Equal(secret(newKey)) {
				h.t.Error("the key is not there")
			}
		}},
		"the user's own key, already right, stays": {plan.Auth{Exists: true, Mode: 0o600, Key: secret(newKey)}, func(h *home) {
			h.apply(delivers(newKey), actions{key: plan.NoOp})
			h.apply(wants(), actions{key: plan.Release})
			if !h.o.Auth.Key.Equal(secret(newKey)) {
				h.t.Error("the key is gone")
			}
		}},
		"a login is displaced, and gets its precedence back": {login, func(h *home) {
			h.apply(delivers(newKey), actions{key: plan.Create, mode: plan.Update})
			if h.o.Auth.AuthMode != "apikey" {
				h.t.Errorf("auth_mode is %q", h.o.Auth.AuthMode)
			}
			h.apply(wants(), actions{key: plan.Delete, mode: plan.Update})
			if h.o.Auth.AuthMode != "chatgpt" || h.o.Auth.Key.Known() || !h.o.Auth.Login {
				h.t.Errorf("not as before: %+v", h.o.Auth)
			}
		}},
		"tokens without auth_mode do not win": {plan.Auth{Exists: true, Mode: 0o600, Login: true, Members: 1}, func(h *home) {
			h.apply(delivers(newKey), actions{key: plan.Create})
		}},
		"a rival without auth_mode would win": {plan.Auth{Exists: true, Mode: 0o600, Rival: "personal_access_token", Members: 1}, func(h *home) {
			h.apply(delivers(newKey), actions{key: plan.Create, mode: plan.Create})
			h.apply(wants(), actions{key: plan.Delete, mode: plan.Delete})
		}},
		"the user logs in again: drift": {login, func(h *home) {
			h.apply(delivers(newKey), actions{key: plan.Create, mode: plan.Update})
			h.o.Auth.AuthMode = "chatgpt"
			if p := h.apply(delivers(newKey), actions{key: plan.NoOp, mode: plan.Update}); p.Summary().Drift != 1 {
				h.t.Error("no drift")
			}
		}},
		"a key that somebody changed is released": {plan.Auth{}, func(h *home) {
			h.apply(delivers(newKey), actions{key: plan.Create})
			h.o.Auth.Key = secret(oldKey)
			h.apply(wants(), actions{key: plan.Release})
			if !h.o.Auth.Key.Equal(secret(oldKey)) {
				h.t.Error("the key is gone")
			}
		}},
		"the mode is repaired": {plan.Auth{Exists: true, Mode: 0o644, Key: secret(newKey)}, func(h *home) {
			p := h.apply(delivers(newKey), actions{key: plan.NoOp})
			if f := p.File(plan.AuthFile); f.Action != plan.Update || f.OldMode != 0o644 || f.Mode != 0o600 {
				h.t.Errorf("file: %+v", f)
			}
		}},
		"not looked up": {plan.Auth{}, func(h *home) {
			d := delivers(newKey)
			d.Secret.Value, d.Secret.Skipped = plan.Secret{}, true
			p := plan.Make(d, h.o)
			if c := p.File(plan.AuthFile).Changes[0]; c.Action != plan.Create || !c.Unknown || p.Complete() {
				h.t.Errorf("change: %+v", c)
			}
		}},
		"a pinned version in place needs no secret": {plan.Auth{}, func(h *home) {
			d := delivers(newKey)
			d.Secret.Version, d.Secret.Pinned = "7", "7"
			if !plan.NeedsSecret(d, h.o) {
				h.t.Error("the first apply needs the secret")
			}
			h.apply(d, actions{key: plan.Create})
			d.Secret.Value, d.Secret.Version = plan.Secret{}, ""
			if plan.NeedsSecret(d, h.o) {
				h.t.Error("the steady state asks for the secret")
			}
			h.apply(d, actions{key: plan.NoOp})
			if plan.NeedsSecret(d, h.o) {
				h.t.Error("the steady state was forgotten")
			}
			d.Secret.Pinned = "8"
			if !plan.NeedsSecret(d, h.o) {
				h.t.Error("another version asks for no secret")
			}
		}},
		"delivery moves to a variable": {plan.Auth{}, func(h *home) {
			h.apply(delivers(newKey), actions{key: plan.Create})
			d := delivers(newKey)
			d.Delivery = plan.DeliveryEnvKey
			h.apply(d, actions{key: plan.Delete})
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHome(t)
			h.o.Auth = c.auth
			c.play(h)
		})
	}
}

// No encoding of a plan or a ledger shows a secret.
func TestPlanHoldsNoSecret(t *testing.T) {
	h := newHome(t)
	h.o.Auth = plan.Auth{Exists: true, Mode: 0o600, Key: secret(oldKey)}
	p := plan.Make(delivers(newKey), h.o)
	after := plan.After(h.o, p, noon)
	doc, err := json.Marshal(p.Document("test", noon))
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprintf("%v %+v %#v %s %+v %s", p, p, p, doc, after, fmt.Sprint(after.Ledger))
	for _, s := range []string{oldKey, newKey, "0000000000", "1111111111"} {
		if strings.Contains(all, s) {
			t.Errorf("a secret shows: %q in\n%s", s, all)
		}
	}
	if !strings.Contains(string(doc), `"sensitive":true`) {
		t.Errorf("the document says nothing of the key: %s", doc)
	}
}
