package codex_test

import (
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

func profileOf(name, text string) codex.Profile {
	h := newHome(text)
	s, err := h.look()
	if err != nil {
		panic(err)
	}
	return codex.Profile{Name: name, Path: name + ".config.toml", Root: s.Observed.Config.Root}
}

// What is given back leaves what codex --profile starts with.
func TestStandingProfiles(t *testing.T) {
	const corp = "[model_providers.corp]\nname = \"Gate\"\nbase_url = \"https://gate.example/v1\"\n"
	auth := func(id, host string) plan.Desired {
		d := gatewayPolicy(id)
		d.Settings = append(d.Settings, plan.Setting{Address: plan.Address{"model_providers", id, "requires_openai_auth"}, Value: plan.Bool(true)})
		d.Provider = &plan.Provider{ID: id, BaseURL: host}
		return d
	}
	permissions := plan.Desired{Digest: "p", Settings: []plan.Setting{text("permissions.corp.filesystem.:root", "read"), text("default_permissions", "corp"), text("model", "x")}}
	for name, tt := range map[string]struct {
		policy  plan.Desired
		profile string
		after   plan.Desired
		want    string
		says    string
	}{
		"no word of it":    {gatewayPolicy("corp"), "model = \"m\"\n", plan.Desired{}, "", ""},
		"it names another": {gatewayPolicy("corp"), "model_provider = \"openai\"\n", plan.Desired{}, "", ""},
		"it names ours": {
			gatewayPolicy("corp"), "model_provider = \"corp\"\n",
			plan.Desired{},
			corp + "wire_api = \"responses\"\n",
			"kept: work.config.toml names it, and codex --profile work does not start without it",
		},
		"it has ours whole": {gatewayPolicy("corp"), "model_provider = \"corp\"\n" + corp, plan.Desired{}, "", ""},
		"it adds to ours": {
			gatewayPolicy("corp"), "[model_providers.corp]\nenv_key = \"MINE\"\n",
			plan.Desired{},
			corp,
			"kept: work.config.toml has keys in model_providers.corp too",
		},
		"it names ours, and another takes its place at another host": {
			auth("corp", "https://gate.example/v1"), "model_provider = \"corp\"\n", auth("gate", "https://other.example/v1"),
			"model_provider = \"gate\"\n\n" + corp + "wire_api = \"responses\"\n\n" +
				"[model_providers.gate]\nname = \"Gate\"\nbase_url = \"https://gate.example/v1\"\nwire_api = \"responses\"\nrequires_openai_auth = true\n",
			"model_providers.corp.requires_openai_auth: no longer",
		},
		"it names ours, and another takes its place at the same host": {
			auth("corp", "https://gate.example/v1"), "model_provider = \"corp\"\n", auth("gate", "https://gate.example/v1"),
			"model_provider = \"gate\"\n\n" + corp + "wire_api = \"responses\"\nrequires_openai_auth = true\n\n" +
				"[model_providers.gate]\nname = \"Gate\"\nbase_url = \"https://gate.example/v1\"\nwire_api = \"responses\"\nrequires_openai_auth = true\n",
			"kept: work.config.toml names it",
		},
		"it adds to a server of ours": {
			plan.Desired{Digest: "s", Settings: []plan.Setting{text("mcp_servers.docs.command", "docs"), text("mcp_servers.docs.cwd", "/")}},
			"[mcp_servers.docs]\ntool_timeout_sec = 3\n",
			plan.Desired{},
			"[mcp_servers.docs]\ncommand = \"docs\"\n",
			"kept: work.config.toml has keys in mcp_servers.docs too",
		},
		"it names permissions of ours": {
			permissions, "default_permissions = \"corp\"\n",
			plan.Desired{},
			"default_permissions = \"corp\"\n\n[permissions.corp.filesystem]\n\":root\" = \"read\"\n",
			"kept: otherwise codex --profile work does not start: default_permissions names \"corp\"",
		},
		"the policy itself takes it away": {
			gatewayPolicy("corp"), "model_provider = \"corp\"\n",
			plan.Desired{Digest: "a", Absent: []plan.Removal{{Address: plan.Address{"model_providers", "corp"}}}},
			"", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHome("")
			h.give(t, tt.policy)
			h.beside.Profiles = []codex.Profile{profileOf("play", "model = \"x\"\n"), profileOf("work", tt.profile)}
			p := h.give(t, tt.after)
			if got := string(h.config.Data); strings.TrimSpace(got) != strings.TrimSpace(tt.want) {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if said := reasons(p); !strings.Contains(said, tt.says) || tt.says == "" && strings.Contains(said, "kept") {
				t.Errorf("it says\n%s", said)
			}
			if p := h.give(t, tt.after); !p.Empty() {
				t.Errorf("a plan after that is not empty: %s", reasons(p))
			}
		})
	}
}

// A provider of ours that a profile names and a policy takes away does not come back as if it
// had been the user's.
func TestStandingOfWhatThePolicyTakesAway(t *testing.T) {
	h := newHome("")
	h.give(t, gatewayPolicy("corp"))
	h.beside.Profiles = []codex.Profile{profileOf("work", "model_provider = \"corp\"\n")}
	h.give(t, plan.Desired{Digest: "a", Absent: []plan.Removal{{Address: plan.Address{"model_providers", "corp"}}}})
	if h.give(t, plan.Desired{}); strings.TrimSpace(string(h.config.Data)) != "" {
		t.Errorf("destroy leaves\n%s", h.config.Data)
	}
}

// An undo gives a home back as it was, with a profile that did not start in it either.
func TestStandingUndoProfiles(t *testing.T) {
	write := func(h *home, t *testing.T) { h.types(t, "model", "m") }
	h := newHome("model_provider = \"corp\"\n")
	h.beside.Profiles = []codex.Profile{profileOf("work", "model_provider = \"gate\"\n")}
	h.undone(t, gatewayPolicy("gate"), write)
	if got := string(h.config.Data); got != "model_provider = \"corp\"\nmodel = \"m\"\n" {
		t.Errorf("left over:\n%s", got)
	}
	h = newHome("")
	h.give(t, gatewayPolicy("gate"))
	h.beside.Profiles = []codex.Profile{profileOf("work", "model_provider = \"gate\"\n")}
	h.undone(t, gatewayPolicy("corp"), write)
	if got := string(h.config.Data); !strings.Contains(got, "[model_providers.gate]\nname") || strings.Contains(got, "corp") {
		t.Errorf("left over:\n%s", got)
	}
}

// Where profiles lie depends on the version.
func TestProfiles(t *testing.T) {
	root := profileOf("", "[profiles.old]\nmodel_provider = \"corp\"\nmodel = \"m\"\n[profiles.other]\nmodel = \"m\"\n").Root
	files := codex.Layers{{Name: "work", Path: "work.config.toml", Root: root}}
	for _, tt := range []struct {
		versions []codex.Version
		want     string
	}{
		{nil, "work.config.toml"},
		{[]codex.Version{{0, 171, 0}}, "work.config.toml"},
		{[]codex.Version{{0, 120, 0}}, "profiles.old"},
		{[]codex.Version{{0, 120, 0}, {0, 171, 0}}, "work.config.toml profiles.old"},
	} {
		var got []string
		for _, p := range codex.Profiles(tt.versions, files, root) {
			got = append(got, p.Path)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("of %v: %v", tt.versions, got)
		}
	}
}
