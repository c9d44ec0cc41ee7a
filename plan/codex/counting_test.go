package codex_test

import (
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/tomlfile"
)

// TestCounting is which credential goes out where not every version reads the file, or
// knows the key, that says another: measured with the programs themselves.
func TestCounting(t *testing.T) {
	const own = "model_provider = \"g\"\n[model_providers.g]\nbase_url = \"https://g.example/v1\"\nrequires_openai_auth = true\n"
	system := func(text string) codex.Layers {
		return codex.Layers{{Name: codex.LayerSystem, Root: toml(t, text)}}
	}
	for name, tt := range map[string]struct {
		mine   string
		layers codex.Layers
		old    codex.Version // the newest that passes it over
		now    codex.Version // the oldest that does not
		want   string
	}{
		"a bearer":              {mine: own + "experimental_bearer_token = \"b\"\n", old: codex.Version{Minor: 47}, now: codex.Version{Minor: 74}, want: codex.FromBearer},
		"a command":             {mine: own + "auth = {command = \"a\"}\n", old: codex.Version{Minor: 115}, now: codex.Version{Minor: 120}, want: codex.FromCommand},
		"the machine's own":     {mine: own, layers: system("[model_providers.g]\nenv_key = \"K\"\n"), old: codex.Version{Minor: 77}, now: codex.Version{Minor: 80}, want: "env:K"},
		"the machine's command": {mine: own, layers: system("[model_providers.g.auth]\ncommand = \"a\"\n"), old: codex.Version{Minor: 98}, now: codex.Version{}, want: codex.FromCommand},
	} {
		auth := plan.Auth{Exists: true, Key: plan.NewSecret([]byte("sk-abcdefgh12345678"))}
		root := toml(t, tt.mine)
		for _, v := range []struct {
			codex.Version
			want string
		}{{tt.old, codex.FromAuthJSON}, {tt.now, tt.want}} {
			if got := codex.Effective(tt.layers.Counting(root, v.Version), auth, codex.Environment{}).Credential; got != v.want {
				t.Errorf("%s, Codex %v: %s goes out, want %s", name, v.Version, got, v.want)
			}
		}
		if !tt.layers.CountsByVersion(root) {
			t.Errorf("%s: said to be the same for all", name)
		}
	}
	for _, key := range []string{"forced_login_method = \"chatgpt\"\n", "cli_auth_credentials_store = \"keyring\"\n"} {
		auth := plan.Auth{Exists: true, Key: plan.NewSecret([]byte("sk-abcdefgh12345678"))}
		root := toml(t, key+own)
		for v, stands := range map[codex.Version]bool{{Minor: 47}: false, {Minor: 74}: true} {
			if got := codex.Effective(codex.Layers(nil).Counting(root, v), auth, codex.Environment{}).Problem; (got != "") != stands {
				t.Errorf("%s, Codex %v: %q", key, v, got)
			}
		}
	}
	if plain := toml(t, own); codex.Layers(nil).CountsByVersion(plain) {
		t.Error("a plain file is said to depend on the version")
	}
}

func toml(t *testing.T, text string) plan.Value {
	t.Helper()
	doc, err := tomlfile.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc.Root
}
