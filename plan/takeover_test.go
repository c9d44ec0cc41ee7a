package plan_test

import (
	"testing"

	"github.com/codexform/codexform/plan"
)

const entryOf = "model_providers"

func member(k string, v plan.Value) plan.Member { return plan.Member{Key: k, Value: v} }

// foundEntry is a config.toml with a provider "custom" of somebody's own.
func foundEntry(members ...plan.Member) plan.Config {
	return plan.Config{Exists: true, Root: plan.Table(member(entryOf, plan.Table(member("custom", plan.Table(members...)))))}
}

// takes is a policy that takes the provider "custom" over.
func takes(base string, secret bool) plan.Desired {
	d := plan.Desired{
		Delivery: plan.DeliveryAuthJSON, Provider: &plan.Provider{ID: "custom", BaseURL: base},
		Settings: []plan.Setting{{Address: plan.Address{entryOf, "custom", "base_url"}, Value: plan.Str(base)}},
	}
	if secret {
		d.Secret = &plan.Wanted{Ref: "env:KEY", Value: plan.NewSecret([]byte("sk-ours-0123456789"))}
	}
	return d
}

func left(p plan.Plan) []string {
	var out []string
	for _, c := range p.File(plan.ConfigFile).Changes {
		if c.Action == plan.Delete {
			out = append(out, plan.Address(c.Address[2:]).String())
		}
	}
	return out
}

// Names of credentials leave a provider's entry that is taken over for another host,
// and beside a secret of the desired state at the same one; all else stays.
func TestTakeOver(t *testing.T) {
	const here, there = "https://here.example/v1", "https://there.example/v1"
	names := []plan.Member{
		member("env_key", plan.Str("THEIR_KEY")),
		member("auth", plan.Table(member("command", plan.Str("print-key")))),
		member("env_http_headers", plan.Table(member("api-key", plan.Str("THEIR_HEADER")), member("X-Team", plan.Str("TEAM")))),
		member("stream_max_retries", plan.Int(2)),
	}
	all := []string{"env_key", "auth", "env_http_headers.api-key", "env_http_headers.X-Team"}
	for name, tc := range map[string]struct {
		base   string
		secret bool
		want   []string
	}{
		"another host":            {there, true, all},
		"another host, no secret": {there, false, all},
		"same host":               {here, true, all[:3]},
		"same host, no secret":    {here, false, nil},
	} {
		o := plan.Observed{Config: foundEntry(append([]plan.Member{member("base_url", plan.Str(tc.base))}, names...)...)}
		p := plan.Make(takes(here, tc.secret), o)
		if got := left(p); !sameTexts(got, tc.want) {
			t.Errorf("%s: %v leave, want %v", name, got, tc.want)
		}
		after := plan.After(o, p, noon)
		if again := plan.Make(takes(here, tc.secret), after); len(left(again)) > 0 || again.Summary().Create > 0 || again.Summary().Update > 0 {
			t.Errorf("%s: a second plan changes something: %+v", name, again.Summary())
		}
		back := plan.After(after, plan.Make(plan.Desired{}, after), noon)
		for _, key := range []plan.Address{{entryOf, "custom", "env_key"}, {entryOf, "custom", "auth", "command"}, {entryOf, "custom", "env_http_headers", "api-key"}} {
			if got, want := back.Config.Get(key), o.Config.Get(key); !got.Equal(want) {
				t.Errorf("%s: destroy leaves %s = %s, was %s", name, key, got, want)
			}
		}
	}
}

// What left does not come back beside the base_url of a later policy.
func TestTakeOverHolds(t *testing.T) {
	o := plan.Observed{Config: foundEntry(member("base_url", plan.Str("https://old.example/v1")), member("env_key", plan.Str("THEIR_KEY")))}
	byVariable := takes("https://one.example/v1", true)
	byVariable.Delivery, byVariable.Provider.EnvKey = plan.DeliveryEnvKey, "OUR_KEY"
	byVariable.Settings = append(byVariable.Settings, plan.Setting{Address: plan.Address{entryOf, "custom", "env_key"}, Value: plan.Str("OUR_KEY")})
	o = plan.After(o, plan.Make(byVariable, o), noon)
	o = plan.After(o, plan.Make(takes("https://two.example/v1", true), o), noon)
	if got := o.Config.Get(plan.Address{entryOf, "custom", "env_key"}); !got.IsAbsent() {
		t.Errorf("env_key = %s stands beside another host", got)
	}
	o = plan.After(o, plan.Make(plan.Desired{}, o), noon)
	if got := o.Config.Get(plan.Address{entryOf, "custom", "env_key"}); got.Text() != "THEIR_KEY" {
		t.Errorf("destroy leaves env_key = %s", got)
	}
}

func sameTexts(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
