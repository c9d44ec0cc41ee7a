package codex_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

func TestReadLayers(t *testing.T) {
	fsys := afero.NewMemMapFs()
	for path, text := range map[string]string{
		"/etc/codex/managed_config.toml": "model = \"managed\"\n",
		"/etc/codex/config.toml":         "model =\n",
	} {
		if err := afero.WriteFile(fsys, path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	layers := codex.ReadLayers(fsys, codex.LayerFiles("linux", ""))
	if len(layers) != 2 {
		t.Fatalf("layers %v, want two", layers)
	}
	if l := layers[0]; l.Name != codex.LayerManaged || l.Root.Get("model").Text() != "managed" || l.Err != nil {
		t.Errorf("first layer %+v", l)
	}
	if l := layers[1]; l.Name != codex.LayerSystem || l.Err == nil {
		t.Errorf("a broken layer %+v", l)
	}
}

func TestLayerFiles(t *testing.T) {
	want := []codex.LayerFile{
		{Name: codex.LayerRequirements, Path: `D:\Data\OpenAI\Codex\requirements.toml`},
		{Name: codex.LayerSystem, Path: `D:\Data\OpenAI\Codex\config.toml`},
	}
	if diff := cmp.Diff(want, codex.LayerFiles("windows", `D:\Data`)); diff != "" {
		t.Errorf("on Windows (-want +got):\n%s", diff)
	}
	for _, c := range [][3]string{
		{"windows", `D:\Data`, `D:\Data\codexform`},
		{"windows", `D:\Data\`, `D:\Data\codexform`},
		{"windows", "", `C:\ProgramData\codexform`},
		{"linux", "", "/var/lib/codexform"},
		{"darwin", "", "/Library/Application Support/codexform"},
	} {
		if got := codex.SystemState(c[0], c[1]); got != c[2] {
			t.Errorf("on %s with %q the state is in %s, want %s", c[0], c[1], got, c[2])
		}
	}
	if got := codex.SystemHome("windows", `D:\Data\`); got != `D:\Data\OpenAI\Codex` {
		t.Errorf("on Windows the layer lies in %s", got)
	}
	if got := codex.LayerFiles("darwin", ""); len(got) != 3 || got[0].Path != "/etc/codex/managed_config.toml" {
		t.Errorf("on macOS %v", got)
	}
}

func TestMerge(t *testing.T) {
	layer := func(name, text string) codex.Layer { return codex.Layer{Name: name, Root: decode(t, text)} }
	const user = "model = \"user\"\nmodel_provider = \"g\"\n[model_providers.g]\nname = \"Gate\"\n[tui]\ntheme = \"a\"\n"
	for _, tc := range []struct {
		name   string
		layers codex.Layers
		want   string
	}{
		{"nothing beside it", nil, user},
		{
			"system below",
			codex.Layers{layer(codex.LayerSystem, "model = \"system\"\nreview_model = \"system\"\n[tui]\ntheme = \"b\"\nanimations = true")},
			"model = \"user\"\nreview_model = \"system\"\nmodel_provider = \"g\"\n[model_providers.g]\nname = \"Gate\"\n[tui]\ntheme = \"a\"\nanimations = true\n",
		},
		{
			"managed above",
			codex.Layers{layer(codex.LayerManaged, "model = \"managed\"\n[tui]\ntheme = \"b\"")},
			"model = \"managed\"\nmodel_provider = \"g\"\n[model_providers.g]\nname = \"Gate\"\n[tui]\ntheme = \"b\"\n",
		},
		{
			"requirements replace whole, and providers one by one",
			codex.Layers{layer(codex.LayerRequirements, "model_provider = \"corp\"\nallowed_sandbox_modes = []\n[model_providers.corp]\nname = \"Corp\"")},
			"model = \"user\"\nmodel_provider = \"corp\"\n[model_providers.g]\nname = \"Gate\"\n[model_providers.corp]\nname = \"Corp\"\n[tui]\ntheme = \"a\"\n",
		},
		{
			"requirements replace a provider of the same name",
			codex.Layers{layer(codex.LayerRequirements, "[model_providers.g]\nbase_url = \"https://corp.example/v1\"")},
			"model = \"user\"\nmodel_provider = \"g\"\n[model_providers.g]\nbase_url = \"https://corp.example/v1\"\n[tui]\ntheme = \"a\"\n",
		},
		{
			"a chosen profile",
			codex.Layers{layer(codex.LayerManaged, "profile = \"work\"\nmodel = \"managed\"\n[profiles.work]\nmodel = \"work\"\nmodel_providers = {}")},
			"model = \"work\"\nmodel_provider = \"g\"\nprofile = \"work\"\n[model_providers.g]\nname = \"Gate\"\n[tui]\ntheme = \"a\"\n[profiles.work]\nmodel = \"work\"\nmodel_providers = {}\n",
		},
		{
			"a value over a table",
			codex.Layers{layer(codex.LayerManaged, "tui = 1")},
			"model = \"user\"\nmodel_provider = \"g\"\ntui = 1\n[model_providers.g]\nname = \"Gate\"\n",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.layers.Merge(decode(t, user)); !got.Equal(decode(t, tc.want)) {
				t.Errorf("merged to %v, want %v", got, tc.want)
			}
		})
	}
	if got := (codex.Layers{layer(codex.LayerSystem, "a = 1")}).Merge(plan.Value{}); !got.Equal(decode(t, "a = 1")) {
		t.Errorf("without a config.toml: %v", got)
	}
}
