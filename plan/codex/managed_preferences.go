package codex

import (
	"encoding/base64"
	"errors"
	"io/fs"
	"strings"

	"github.com/spf13/afero"
	"howett.net/plist"

	"github.com/codexform/codexform/plan/bounded"
)

// preferences is where an MDM leaves what it forces on Codex, on macOS.
const preferences = "/Library/Managed Preferences/"

const preferencesFile = "com.openai.codex.plist"

// preferenceKeys hold a whole TOML file each, as base64.
var preferenceKeys = []struct{ layer, key string }{
	{LayerManaged, "config_toml_base64"},
	{LayerRequirements, "requirements_toml_base64"},
}

// ReadPreferences reads the managed preferences of macOS as layers, stronger than the
// files of the same name. What is forced on the user comes before what is forced on the
// computer. One that cannot be read is among them, with its Err.
func ReadPreferences(fsys afero.Fs, user string) Layers {
	places := []string{preferences + preferencesFile}
	if user != "" {
		places = append([]string{preferences + user + "/" + preferencesFile}, places...)
	}
	var layers Layers
	seen := map[string]bool{}
	for _, path := range places {
		for _, l := range preferencesIn(fsys, path) {
			if !seen[l.Name] {
				seen[l.Name] = true
				layers = append(layers, l)
			}
		}
	}
	return layers
}

func preferencesIn(fsys afero.Fs, path string) Layers {
	data, _, err := bounded.File(fsys, path, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var all map[string]any
	if err == nil {
		_, err = plist.Unmarshal(data, &all)
	}
	if err != nil {
		return Layers{readLayer(LayerFile{LayerManaged, path}, nil, err)}
	}
	var layers Layers
	for _, k := range preferenceKeys {
		if value, there := all[k.key]; there {
			text, err := preference(value)
			layers = append(layers, readLayer(LayerFile{k.layer, path + " (" + k.key + ")"}, text, err))
		}
	}
	return layers
}

// preference is the TOML that a value holds.
func preference(value any) ([]byte, error) {
	text, ok := value.(string)
	if !ok {
		return nil, errors.New("is not a string")
	}
	data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return nil, errors.New("is not base64")
	}
	return data, nil
}
