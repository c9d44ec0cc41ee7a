package plan_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
)

// dice turns the fuzzer's bytes into small choices.
type dice struct{ data []byte }

func (d *dice) roll(n int) int {
	if len(d.data) == 0 {
		return 0
	}
	b := d.data[0]
	d.data = d.data[1:]
	return int(b) % n
}

// The keys that a case may manage, and those that are the user's. Few, so that
// they meet.
var (
	ourKeys = []plan.Address{
		{"model"},
		{"review_model"},
		{"model_providers", "OpenAI", "name"},
		{"model_providers", "OpenAI", "base_url"},
		{"sandbox_workspace_write", "network_access"},
		{"tools", "web_search"},
	}
	theirKeys = []plan.Address{
		{"personality"},
		{"projects", "/home/x", "trust_level"},
		{"model_providers", "OpenAI", "query_params", "a"},
		{"mcp_servers", "files", "command"},
		{"tools", "other"},
	}
	someValues = []plan.Value{
		plan.Str("a"), plan.Str("b"), plan.Int(1), plan.Int(1000000), plan.Bool(true), plan.Float(1),
		plan.List(plan.Str("a"), plan.Table(plan.Member{Key: "k", Value: plan.Int(2)})), plan.Str("sk-hidden-0123456789abcdef"),
	}
)

func (d *dice) value() plan.Value { return someValues[d.roll(len(someValues)-1)] }

// observed is a home with some of both kinds of keys.
func (d *dice) observed() plan.Observed {
	var settings []plan.Setting
	for _, a := range slices.Concat(ourKeys, theirKeys) {
		if d.roll(2) == 1 {
			settings = append(settings, plan.Setting{Address: a, Value: someValues[d.roll(len(someValues))]})
		}
	}
	o := plan.Observed{Home: "/h"}
	if len(settings) > 0 {
		o.Config = plan.After(o, plan.Make(plan.Desired{Settings: settings}, o), noon).Config
	}
	if d.roll(2) == 1 {
		o.Auth = plan.Auth{Exists: true, Mode: []uint32{0o600, 0o644}[d.roll(2)], Members: d.roll(3)}
		if d.roll(2) == 1 {
			o.Auth.Key = secret(oldKey)
		}
		if d.roll(2) == 1 {
			o.Auth.HasMode, o.Auth.AuthMode = true, []string{"apikey", "chatgpt"}[d.roll(2)]
		}
		if o.Auth.Members > 0 && d.roll(2) == 1 {
			o.Auth.Rival = "personal_access_token"
		}
	}
	o.Ledger.FingerprintKey = []byte("machine")
	return o
}

// desired is a policy over our keys.
func (d *dice) desired() plan.Desired {
	var out plan.Desired
	for _, a := range ourKeys {
		switch d.roll(4) {
		case 1:
			out.Settings = append(out.Settings, plan.Setting{Address: a, Value: d.value()})
		case 2:
			out.Settings = append(out.Settings, plan.Setting{Address: a, Value: d.value(), Default: true})
		case 3:
			out.Absent = append(out.Absent, plan.Removal{Address: a})
		}
	}
	if d.roll(2) == 1 {
		out.Delivery = plan.DeliveryAuthJSON
		out.Secret = &plan.Wanted{Ref: "env:K", Value: secret([]string{newKey, oldKey}[d.roll(2)])}
	}
	return out
}

func show(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(out)
}

func (d *dice) meddle(o plan.Observed) plan.Observed {
	p := plan.Make(plan.Desired{Settings: []plan.Setting{
		{Address: ourKeys[d.roll(len(ourKeys))], Value: d.value()},
		{Address: theirKeys[d.roll(len(theirKeys))], Value: d.value()},
	}}, plan.Observed{Config: o.Config})
	o.Config = plan.After(plan.Observed{Config: o.Config}, p, noon).Config
	return o
}

func theirs(o plan.Observed) string {
	out := ""
	for _, a := range theirKeys {
		out += a.String() + "=" + o.Config.Get(a).TOML() + "\n"
	}
	return out + fmt.Sprint(o.Auth.Members, o.Auth.Rival, o.Auth.Login)
}

func FuzzLaws(f *testing.F) {
	for i := range 40 {
		seed := make([]byte, 120)
		for j := range seed {
			seed[j] = byte((i*31 + j*j*7 + i*j) % 251)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := &dice{data}
		o, first, second := d.observed(), d.desired(), d.desired()
		p := plan.Make(first, o)

		if a, b := show(p.Document("", noon)), show(plan.Make(first, o).Document("", noon)); a != b {
			t.Fatalf("the same input gives two plans:\n%s\n%s", a, b)
		}
		for _, file := range p.Files {
			for _, c := range file.Changes {
				if slices.ContainsFunc(theirKeys, c.Address.Equal) {
					t.Fatalf("the user's own key appears: %s", c.Address)
				}
			}
		}
		if text := show(p.Document("", noon)) + fmt.Sprintf("%+v", p); containsSecret(text) {
			t.Fatalf("a secret shows: %s", text)
		}

		applied := plan.After(o, p, noon)
		if text := fmt.Sprintf("%+v", applied.Ledger); containsSecret(text) {
			t.Fatalf("the ledger holds a secret: %s", text)
		}
		again := plan.Make(first, applied)
		if !again.Empty() {
			t.Fatalf("a plan after its apply is not empty: %s", show(again.Document("", noon)))
		}
		if l := plan.Remember(again, applied, noNote, noon); !l.Equal(applied.Ledger) {
			t.Fatalf("a second apply remembers something else:\n%+v\n%+v", applied.Ledger, l)
		}
		if theirs(applied) != theirs(o) {
			t.Fatalf("the user's keys moved:\n%s\n%s", theirs(o), theirs(applied))
		}

		destroyed := plan.After(applied, plan.Make(plan.Desired{}, applied), noon)
		checkGivenBack(t, o, destroyed)

		checkRollback(t, p, applied)

		// Two policies, with the user's hand in between: their own keys never move, and
		// what remains of ours goes with destroy.
		touched := d.meddle(applied)
		both := plan.After(touched, plan.Make(second, touched), noon)
		if theirs(both) != theirs(touched) {
			t.Fatalf("the user's keys moved:\n%s\n%s", theirs(touched), theirs(both))
		}
		if p := plan.Make(second, both); !p.Empty() {
			t.Fatalf("a plan after its apply is not empty: %s", show(p.Document("", noon)))
		}
		gone := plan.After(both, plan.Make(plan.Desired{}, both), noon)
		if len(gone.Ledger.Entries) != 0 {
			t.Fatalf("destroy leaves us with %+v", gone.Ledger.Entries)
		}
	})
}

// checkRollback takes an apply back by its line of history: the user's keys stay, and
// no key of ours is left where there was none, or beside another host.
func checkRollback(t *testing.T, p plan.Plan, applied plan.Observed) {
	t.Helper()
	records, err := plan.ParseHistory([]byte(show(p.Record(1, "apply", "test", noon)) + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	host := func(config plan.Value) string {
		return config.Get("model_providers").Get("OpenAI").Get("base_url").TOML()
	}
	back := plan.After(applied, plan.Rollback(records, applied, host), noon)
	if theirs(back) != theirs(applied) {
		t.Fatalf("a rollback moves the user's keys:\n%s\n%s", theirs(applied), theirs(back))
	}
	for _, c := range p.File(plan.AuthFile).Changes {
		if !c.Sensitive || !c.Edits() || !back.Auth.Key.Equal(p.Desired.Secret.Value) {
			continue
		}
		if c.Action == plan.Create || host(back.Config.Root) != host(applied.Config.Root) {
			t.Fatalf("a rollback leaves our key (%s) at host %s", c.Action, host(back.Config.Root))
		}
	}
}

func noNote(string, plan.Address) plan.Note { return "" }

func containsSecret(text string) bool {
	for _, s := range []string{oldKey, newKey, "sk-hidden"} {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

// checkGivenBack wants every key of ours as it was before us, but for secrets,
// which are not kept.
func checkGivenBack(t *testing.T, before, after plan.Observed) {
	t.Helper()
	for _, a := range ourKeys {
		was, is := before.Config.Get(a), after.Config.Get(a)
		if plan.Redact(a, was).Equal(was) && !was.Equal(is) {
			t.Fatalf("destroy leaves %s at %q, it was %q", a, is, was)
		}
	}
	if before.Auth.HasMode != after.Auth.HasMode || before.Auth.AuthMode != after.Auth.AuthMode {
		t.Fatalf("destroy leaves auth_mode at %q, it was %q", after.Auth.AuthMode, before.Auth.AuthMode)
	}
	if !before.Auth.Exists && after.Auth.Exists {
		t.Fatal("destroy leaves an auth.json that was not there")
	}
	if len(after.Ledger.Entries) != 0 {
		t.Fatalf("destroy leaves us with %+v", after.Ledger.Entries)
	}
}
