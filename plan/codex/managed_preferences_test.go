package codex_test

import (
	"encoding/base64"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/afero"
	"howett.net/plist"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// Managed preferences are layers: the user's before the computer's, each above the file
// of its name, in either form of a plist.
func TestPreferences(t *testing.T) {
	toml := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	const place = "/Library/Managed Preferences/"
	for _, format := range []int{plist.BinaryFormat, plist.XMLFormat} {
		fsys := afero.NewMemMapFs()
		for path, keys := range map[string]map[string]any{
			place + "kim/com.openai.codex.plist": {"config_toml_base64": toml("model = \"forced\"\n")},
			place + "com.openai.codex.plist": {
				"config_toml_base64": toml("model = \"computer\"\n"), "requirements_toml_base64": toml("model_provider = \"pinned\"\n"), "other": 1,
			},
		} {
			data, err := plist.Marshal(keys, format)
			if err != nil {
				t.Fatal(err)
			}
			if err := afero.WriteFile(fsys, path, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := afero.WriteFile(fsys, "/etc/codex/managed_config.toml", []byte("model = \"file\"\nreview_model = \"file\"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		layers := append(codex.ReadPreferences(fsys, "kim"), codex.ReadLayers(fsys, codex.LayerFiles("darwin", ""))...)
		var got []string
		for _, l := range layers {
			got = append(got, l.Name+" "+l.Path)
		}
		want := []string{
			"managed_config " + place + "kim/com.openai.codex.plist (config_toml_base64)",
			"requirements " + place + "com.openai.codex.plist (requirements_toml_base64)",
			"managed_config /etc/codex/managed_config.toml",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("layers (-want +got):\n%s", diff)
		}
		root := layers.Merge(plan.Table())
		for key, want := range map[string]string{"model": "forced", "review_model": "file", "model_provider": "pinned"} {
			if got := root.Get(key).Text(); got != want {
				t.Errorf("%s counts as %q, want %q", key, got, want)
			}
		}
		if got := codex.ReadPreferences(fsys, "ada"); len(got) != 2 || got[0].Root.Get("model").Text() != "computer" {
			t.Errorf("of another user: %v", got)
		}
	}
}

// What cannot be read is said, and not taken for none.
func TestPreferencesUnreadable(t *testing.T) {
	for name, value := range map[string]any{"is not a string": 7, "is not base64": "%", "no plist": nil} {
		fsys := afero.NewMemMapFs()
		data := []byte("<plist><dict>")
		if value != nil {
			data, _ = plist.Marshal(map[string]any{"config_toml_base64": value}, plist.XMLFormat)
		}
		if err := afero.WriteFile(fsys, "/Library/Managed Preferences/com.openai.codex.plist", data, 0o644); err != nil {
			t.Fatal(err)
		}
		got := codex.ReadPreferences(fsys, "")
		if len(got) != 1 || got[0].Err == nil || value != nil && got[0].Err.Error() != name {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}
