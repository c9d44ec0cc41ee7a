package codex_test

import (
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/tomlfile"
)

func text(at, value string) plan.Setting {
	return plan.Setting{Address: strings.Split(at, "."), Value: plan.Str(value)}
}

func gatewayPolicy(id string) plan.Desired {
	return plan.Desired{Digest: id, Settings: []plan.Setting{
		text("model_provider", id),
		text("model_providers."+id+".name", "Gate"),
		text("model_providers."+id+".base_url", "https://gate.example/v1"),
		text("model_providers."+id+".wire_api", "responses"),
	}}
}

// give applies one plan after another, as apply does.
func (h *home) give(t *testing.T, d plan.Desired) plan.Plan {
	t.Helper()
	s, err := h.look()
	if err != nil {
		t.Fatal(err)
	}
	p := codex.Standing(s.Observed, h.around, func(o plan.Observed) plan.Plan { return plan.Make(d, o) })
	if err := h.carryOut(s, p, "apply"); err != nil {
		t.Fatal(err)
	}
	return p
}

func (h *home) types(t *testing.T, at, value string) {
	t.Helper()
	e := tomlfile.Edit{Address: strings.Split(at, ".")}
	if value != "" {
		e.Value = plan.Str(value)
	}
	got, err := tomlfile.Apply(h.config.Data, []tomlfile.Edit{e})
	if err != nil {
		t.Fatal(err)
	}
	h.config.Data = got.Data
}

// What is given back leaves what Codex starts with.
func TestStanding(t *testing.T) {
	server := plan.Desired{Digest: "server", Settings: []plan.Setting{text("mcp_servers.docs.command", "docs"), text("mcp_servers.docs.note", "x")}}
	for name, tt := range map[string]struct {
		start  string
		policy plan.Desired
		user   func(h *home, t *testing.T)
		after  plan.Desired
		want   string
		says   string
	}{
		"nothing in the way": {"model = \"m\"\n", gatewayPolicy("corp"), nil, plan.Desired{}, "model = \"m\"\n", ""},
		"a key of the user's in our provider": {
			"model = \"m\"\n", gatewayPolicy("corp"),
			func(h *home, t *testing.T) { h.types(t, "model_providers.corp.env_key", "MINE") },
			plan.Desired{},
			"model = \"m\"\n\n[model_providers.corp]\nname = \"Gate\"\nbase_url = \"https://gate.example/v1\"\nenv_key = \"MINE\"\n",
			"model_providers.corp.name: kept: keys of yours are in model_providers.corp, and Codex refuses that table without it",
		},
		"the same, and another id": {
			"model = \"m\"\n", gatewayPolicy("corp"),
			func(h *home, t *testing.T) { h.types(t, "model_providers.corp.env_key", "MINE") }, gatewayPolicy("gate"),
			"model = \"m\"\nmodel_provider = \"gate\"\n\n[model_providers.corp]\nname = \"Gate\"\nbase_url = \"https://gate.example/v1\"\nenv_key = \"MINE\"\n\n" +
				"[model_providers.gate]\nname = \"Gate\"\nbase_url = \"https://gate.example/v1\"\nwire_api = \"responses\"\n",
			"kept: keys of yours",
		},
		"the same, by another hand": {
			"model = \"m\"\n", gatewayPolicy("corp"),
			func(h *home, t *testing.T) { h.config.Data = append(h.config.Data, "env_key = \"MINE\"\n"...) },
			plan.Desired{Digest: "m", Settings: []plan.Setting{text("review_model", "r")}},
			"model = \"m\"\nreview_model = \"r\"\n\n[model_providers.corp]\nname = \"Gate\"\nbase_url = \"https://gate.example/v1\"\nenv_key = \"MINE\"\n",
			"kept: keys of yours are in model_providers.corp",
		},
		"a table in our provider": {
			"model = \"m\"\n",
			plan.Desired{Digest: "auth", Settings: append(gatewayPolicy("corp").Settings, text("model_providers.corp.auth.command", "codexform"))},
			nil,
			plan.Desired{},
			"model = \"m\"\n", "",
		},
		"a key of the user's in our server": {
			"", server,
			func(h *home, t *testing.T) { h.types(t, "mcp_servers.docs.cwd", "/src") },
			plan.Desired{},
			"[mcp_servers.docs]\ncommand = \"docs\"\ncwd = \"/src\"\n", "kept: keys of yours are in mcp_servers.docs",
		},
		"a URL of the user's in our server": {
			"",
			plan.Desired{Digest: "s", Settings: []plan.Setting{text("mcp_servers.docs.command", "docs")}},
			func(h *home, t *testing.T) { h.types(t, "mcp_servers.docs.url", "https://docs.example") },
			plan.Desired{},
			"[mcp_servers.docs]\nurl = \"https://docs.example\"\n", "",
		},
		"permissions of the user's beside ours": {
			"",
			plan.Desired{Digest: "p", Settings: []plan.Setting{text("permissions.corp.filesystem.:root", "read"), text("default_permissions", "corp"), text("model", "x")}},
			func(h *home, t *testing.T) { h.types(t, "permissions.mine.filesystem.:root", "read") },
			plan.Desired{},
			"default_permissions = \"corp\"\n\n[permissions.corp.filesystem]\n\":root\" = \"read\"\n\n[permissions.mine.filesystem]\n\":root\" = \"read\"\n",
			"kept: otherwise Codex does not start: [permissions] defines profiles",
		},
		"a policy that leaves too little of what was ours": { // as it would in a home where it is the first
			"", gatewayPolicy("corp"), nil,
			plan.Desired{Digest: "less", Settings: gatewayPolicy("corp").Settings[3:]},
			"[model_providers.corp]\nwire_api = \"responses\"\n", "",
		},
		"what one table needs keeps nothing of another": {
			"[model_providers.old]\nbase_url = \"https://old.example\"\n",
			plan.Desired{Digest: "two", Settings: append(gatewayPolicy("corp").Settings, text("model_providers.old.name", "Old"))},
			nil,
			plan.Desired{},
			"[model_providers.old]\nbase_url = \"https://old.example\"\nname = \"Old\"\n", "kept: otherwise Codex does not start: the provider old has no name",
		},
		"a selector of the user's for our provider": {
			"",
			plan.Desired{Digest: "p", Settings: gatewayPolicy("corp").Settings[1:]},
			func(h *home, t *testing.T) { h.types(t, "model_provider", "corp") },
			plan.Desired{},
			"model_provider = \"corp\"\n\n[model_providers.corp]\nname = \"Gate\"\nbase_url = \"https://gate.example/v1\"\nwire_api = \"responses\"\n",
			"kept: your model_provider names it",
		},
		"a selector whose table is gone": {
			"model_provider = \"old\"\n[model_providers.old]\nname = \"Old\"\nbase_url = \"https://old.example\"\n", gatewayPolicy("corp"),
			func(h *home, t *testing.T) { h.types(t, "model_providers.old", "") },
			plan.Desired{},
			"", `"old" from before is not given back: its table is gone`,
		},
		"a selector that had no table before us either": {
			"model_provider = \"old\"\n",
			plan.Desired{Digest: "p", Settings: []plan.Setting{text("model", "m")}},
			nil,
			plan.Desired{},
			"model_provider = \"old\"\n", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHome(tt.start)
			h.give(t, tt.policy)
			if tt.user != nil {
				tt.user(h, t)
			}
			p := h.give(t, tt.after)
			if got := string(h.config.Data); strings.TrimSpace(got) != strings.TrimSpace(tt.want) {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if said := reasons(p); !strings.Contains(said, tt.says) || tt.says == "" && strings.Contains(said, "kept") {
				t.Errorf("it says\n%s", said)
			}
		})
	}
}

// What Codex leaves out when it writes its servers anew is no drift.
func TestImpliedByCodex(t *testing.T) {
	h := newHome("[mcp_servers.docs]\ncommand = \"docs\"\nenabled = false\n")
	d := plan.Desired{Digest: "d", Settings: []plan.Setting{
		{Address: plan.Address{"mcp_servers", "docs", "enabled"}, Value: plan.Bool(true)},
		{Address: plan.Address{"mcp_servers", "docs", "args"}, Value: plan.List()},
		{Address: plan.Address{"mcp_servers", "docs", "startup_timeout_sec"}, Value: plan.Int(30)},
	}}
	h.give(t, d)
	h.config.Data = []byte("[mcp_servers.docs]\ncommand = \"docs\"\nstartup_timeout_sec = 30.0\n")
	if p := h.give(t, d); !p.Empty() || p.Summary().Drift != 0 {
		t.Errorf("drift: %+v", p.Files[0].Changes)
	}
	h.give(t, plan.Desired{})
	if got := string(h.config.Data); got != "[mcp_servers.docs]\ncommand = \"docs\"\nenabled = false\n" {
		t.Errorf("destroy leaves\n%s", got)
	}
	// Taken away by the user together with the server it is another thing.
	h.give(t, d)
	h.config.Data = nil
	if p := h.give(t, d); p.Empty() {
		t.Error("a server that went is not missed")
	}
}

func reasons(p plan.Plan) string {
	var out []string
	for _, c := range p.File(plan.ConfigFile).Changes {
		out = append(out, c.Address.String()+": "+c.Reason)
	}
	return strings.Join(out, "\n")
}
