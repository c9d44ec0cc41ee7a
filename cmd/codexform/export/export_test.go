package export_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	microplist "github.com/micromdm/plist"
	"howett.net/plist"

	"github.com/codexform/codexform/cmd/codexform/export"
	"github.com/codexform/codexform/plan"
)

var update = flag.Bool("update", false, "write the expected output anew")

const canary = "sk-canary-0123456789abcdef"

func policy() plan.Desired {
	provider := func(key string) plan.Address { return plan.Address{"model_providers", "corp", key} }
	return plan.Desired{
		Files:    []string{"codex.yaml"},
		Delivery: plan.DeliveryAuthJSON,
		Provider: &plan.Provider{ID: "corp", Name: "Bob's <Gateway> (prod)", BaseURL: "https://gw.example.com/v1"},
		Settings: []plan.Setting{
			{Address: plan.Address{"model_provider"}, Value: plan.Str("corp")},
			{Address: plan.Address{"model"}, Value: plan.Str("gpt-5.4")},
			{Address: plan.Address{"review_model"}, Value: plan.Str("gpt-5.4-mini")},
			{Address: plan.Address{"approval_policy"}, Value: plan.Str("on-request"), Default: true},
			{Address: provider("name"), Value: plan.Str("Bob's <Gateway> (prod)")},
			{Address: provider("base_url"), Value: plan.Str("https://gw.example.com/v1")},
			{Address: provider("wire_api"), Value: plan.Str("responses")},
			{Address: provider("requires_openai_auth"), Value: plan.Bool(true)},
		},
		Secret: &plan.Wanted{Ref: "vault:secret/codex#api_key"},
	}
}

func same(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
	}
}

func TestRequirements(t *testing.T) {
	got, err := export.Requirements(policy())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "requirements.toml", got)
	if bytes.Contains(got, []byte("gpt-5.4")) {
		t.Error("requirements name a model, which Codex ignores there")
	}
	if _, err := export.Requirements(plan.Desired{}); err != export.ErrNoProvider {
		t.Errorf("without a provider: %v", err)
	}
}

// decoders are two libraries that read property lists.
var decoders = map[string]func([]byte, any) error{
	"howett":   func(data []byte, v any) error { _, err := plist.Unmarshal(data, v); return err },
	"micromdm": microplist.Unmarshal,
}

func TestMobileconfig(t *testing.T) {
	requirements, err := export.Requirements(policy())
	if err != nil {
		t.Fatal(err)
	}
	uuids := map[string]string{}
	for _, form := range []export.Form{export.Plain, export.MCX} {
		for _, config := range []bool{false, true} {
			p := export.Profile{Identifier: "com.example.codex", Organization: "Example & Co", Form: form, Config: config}
			got, err := export.Mobileconfig(policy(), p)
			if err != nil {
				t.Fatal(err)
			}
			again, _ := export.Mobileconfig(policy(), p)
			if !bytes.Equal(got, again) {
				t.Errorf("%s: two exports differ", form)
			}
			if form == export.Plain && !config {
				same(t, "codex.mobileconfig", got)
			}
			for name, decode := range decoders {
				var doc map[string]any
				if err := decode(got, &doc); err != nil {
					t.Fatalf("%s, %s: %v", name, form, err)
				}
				uuids[doc["PayloadUUID"].(string)] = doc["PayloadIdentifier"].(string)
				prefs := preferences(t, doc, form)
				text, err := base64.StdEncoding.DecodeString(prefs["requirements_toml_base64"].(string))
				if err != nil || !bytes.Equal(text, requirements) {
					t.Errorf("%s, %s: requirements are %q (%v)", name, form, text, err)
				}
				if _, has := prefs["config_toml_base64"]; has != config {
					t.Errorf("%s, %s: config.toml is there: %v, want %v", name, form, has, config)
				}
			}
		}
	}
	if len(uuids) != 1 {
		t.Errorf("one identifier, %d UUIDs", len(uuids))
	}
}

func preferences(t *testing.T, doc map[string]any, form export.Form) map[string]any {
	t.Helper()
	inner := doc["PayloadContent"].([]any)[0].(map[string]any)
	if form == export.Plain {
		if inner["PayloadType"] != "com.openai.codex" {
			t.Errorf("payload type %v", inner["PayloadType"])
		}
		return inner
	}
	forced := inner["PayloadContent"].(map[string]any)["com.openai.codex"].(map[string]any)["Forced"].([]any)
	return forced[0].(map[string]any)["mcx_preference_settings"].(map[string]any)
}

func TestConsoles(t *testing.T) {
	same(t, "intune-rules.json", export.IntuneRules(17))
	got, err := export.FleetGitOps(policy(), 17)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "fleet.yml", got)
}

// Every client, with the key and without: what it is told, and that the key stands
// only where it was asked for.
func TestClients(t *testing.T) {
	for _, client := range export.Clients {
		for _, with := range []bool{false, true} {
			c := export.Client{Desired: policy(), Program: "codexform", Policies: []string{"/etc/codexform/it's.yaml"}}
			name := client.Name
			if with {
				c.Key, name = plan.NewSecret([]byte(canary)), name+".secret"
			}
			t.Run(name, func(t *testing.T) {
				got, err := export.ForClient(client.Name, c)
				if err != nil {
					same(t, name+".txt", []byte("error: "+err.Error()+"\n"))
					return
				}
				if !with && bytes.Contains(got.Body, []byte(canary)) {
					t.Error("the key is in it")
				}
				for _, note := range got.Notes {
					if strings.Contains(note, canary) {
						t.Error("the key is in a note")
					}
				}
				same(t, name+".txt", append(got.Body, "-- notes --\n"+strings.Join(got.Notes, "\n")+"\n"...))
			})
		}
	}
}

// What the readers of Cherry Studio 1.x and 2.x were seen to accept.
func TestCherryVectors(t *testing.T) {
	for _, v := range []struct{ id, base, key, name, data string }{
		{
			"codexform-team", "https://api.routescope.ai/v1", "sk-0123456789abcdef", "Routescope",
			"eyJpZCI6ImNvZGV4Zm9ybS10ZWFtIiwiYmFzZVVybCI6Imh0dHBzOi8vYXBpLnJvdXRlc2NvcGUuYWkvdjEvIiwiYXBpS2V5Ijoic2stMDEyMzQ1Njc4OWFiY2RlZiIsIm5hbWUiOiJSb3V0ZXNjb3BlIiwidHlwZSI6Im9wZW5haSJ9",
		},
		{
			"codexform-team", "https://gw.example.com/v1", "sk-it's-(x)-1", "Bob's (prod)",
			"eyJpZCI6ImNvZGV4Zm9ybS10ZWFtIiwiYmFzZVVybCI6Imh0dHBzOi8vZ3cuZXhhbXBsZS5jb20vdjEvIiwiYXBpS2V5Ijoic2staXRcdTAwMjdzLVx1MDAyOHhcdTAwMjktMSIsIm5hbWUiOiJCb2JcdTAwMjdzIFx1MDAyOHByb2RcdTAwMjkiLCJ0eXBlIjoib3BlbmFpIn0%3D",
		},
	} {
		got := export.CherryLink(v.id, v.base, v.key, v.name)
		if want := "cherrystudio://providers/api-keys?v=1&data=" + v.data; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		u, err := url.Parse(got)
		if err != nil {
			t.Fatal(err)
		}
		text, err := base64.StdEncoding.DecodeString(u.Query().Get("data"))
		var doc map[string]string
		if err != nil || json.Unmarshal(text, &doc) != nil || doc["apiKey"] != v.key || doc["name"] != v.name {
			t.Errorf("read back: %s (%v)", text, err)
		}
	}
}

func TestCursorSaysWhatCannotWork(t *testing.T) {
	for base, want := range map[string]bool{
		"https://gw.example.com/v1": false, "http://localhost:8080/v1": true, "https://10.1.2.3/v1": true,
		"https://gw.corp.internal/v1": true, "https://gateway/v1": true,
	} {
		d := policy()
		d.Provider = &plan.Provider{ID: "corp", Name: "x", BaseURL: base}
		got, err := export.ForClient("cursor", export.Client{Desired: d})
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(strings.Join(got.Notes, "\n"), "not reachable"); said != want {
			t.Errorf("%s: said that it cannot work: %v, want %v", base, said, want)
		}
	}
}

// A reference of opencode's ends at the first brace: such a file is left to the
// environment rather than named wrongly.
func TestOpencodeReferences(t *testing.T) {
	for ref, want := range map[string]string{
		"file:/run/key": "{file:/run/key}", "env:GATE_KEY": "{env:GATE_KEY}",
		"file:/run/{a}/key": "{env:OPENAI_API_KEY}", "vault:kv/codex#api_key": "{env:OPENAI_API_KEY}",
	} {
		d := policy()
		d.Secret = &plan.Wanted{Ref: ref}
		got, err := export.ForClient("opencode", export.Client{Desired: d})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(got.Body), `"apiKey": "`+want+`"`) {
			t.Errorf("%s: want %s in\n%s", ref, want, got.Body)
		}
	}
}

// What no profile can hold, and what would not be the same on every machine, is refused.
func TestRefused(t *testing.T) {
	for _, id := range []string{"", "a b", "a\x01b", "<x>", "../x", "a\nb", "com.example\u202e", strings.Repeat("a", 300)} {
		if _, err := export.Mobileconfig(policy(), export.Profile{Identifier: id}); err == nil {
			t.Errorf("the identifier %q is taken", id)
		}
	}
	for _, organization := range []string{"a\x02b", "a\nb", "a\xff"} {
		if _, err := export.Mobileconfig(policy(), export.Profile{Identifier: "com.example", Organization: organization}); err == nil {
			t.Errorf("the organization %q is taken", organization)
		}
	}
	for _, name := range []string{"${user}", "${uid}", "${home}", "${host}", "${os}"} {
		d := policy()
		d.Provider = &plan.Provider{ID: "corp", Name: "for " + name, BaseURL: "https://gw.example.com/v1"}
		d.Settings[4].Value = plan.Str("for " + name)
		_, r := export.Requirements(d)
		_, m := export.Mobileconfig(d, export.Profile{Identifier: "com.example"})
		_, f := export.FleetGitOps(d, 1)
		for what, err := range map[string]error{"requirements": r, "mobileconfig": m, "fleet": f} {
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s, %s: %v", what, name, err)
			}
		}
	}
}
