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
		layers := append(codex.ReadPreferences(fsys, "kim", "/Users/kim"), codex.ReadLayers(fsys, codex.LayerFiles("darwin", ""))...)
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
		if got := codex.ReadPreferences(fsys, "ada", "/Users/ada"); len(got) != 2 || got[0].Root.Get("model").Text() != "computer" {
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
		got := codex.ReadPreferences(fsys, "", "")
		if len(got) != 1 || got[0].Err == nil || value != nil && got[0].Err.Error() != name {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// Up to 0.155 Codex took what anybody had set with `defaults write` as well; since then it
// asks whether the value is forced.
func TestPreferencesThatNobodyForces(t *testing.T) {
	for _, place := range []string{"/Users/kim/Library/Preferences/com.openai.codex.plist", "/Library/Preferences/com.openai.codex.plist"} {
		fsys := afero.NewMemMapFs()
		set := func(path, model string) {
			t.Helper()
			data, err := plist.Marshal(map[string]any{"config_toml_base64": base64.StdEncoding.EncodeToString([]byte("model = \"" + model + "\"\n"))}, plist.BinaryFormat)
			if err != nil {
				t.Fatal(err)
			}
			if err := afero.WriteFile(fsys, path, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		counts := func(version string) string {
			t.Helper()
			v, err := codex.ParseVersion(version)
			if err != nil {
				t.Fatal(err)
			}
			return codex.ReadPreferences(fsys, "kim", "/Users/kim").For(v).Merge(plan.Table()).Get("model").Text()
		}
		set(place, "set")
		for version, want := range map[string]string{"0.120.0": "set", "0.155.0": "set", "0.156.1": "", "0.171.0": "", "0.999.0": ""} {
			if got := counts(version); got != want {
				t.Errorf("%s in %s: model is %q, want %q", version, place, got, want)
			}
		}
		set("/Library/Managed Preferences/com.openai.codex.plist", "forced")
		for _, version := range []string{"0.155.0", "0.171.0"} {
			if got := counts(version); got != "forced" {
				t.Errorf("%s: model is %q beside one that is forced", version, got)
			}
		}
	}
}
