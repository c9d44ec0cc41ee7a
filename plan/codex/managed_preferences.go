package codex

import (
	"encoding/base64"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/afero"
	"howett.net/plist"

	"github.com/codexform/codexform/plan/bounded"
)

// preferences is where an MDM leaves what it forces on Codex, on macOS, and unforced, in
// a home or at the root, where `defaults write` leaves what anybody likes.
const (
	preferences     = "/Library/Managed Preferences/"
	unforced        = "/Library/Preferences/"
	preferencesFile = "com.openai.codex.plist"
)

// forcedOnly is the first Codex that takes only what is forced: it asks macOS
// (CFPreferencesAppValueIsForced), as the programs for macOS up to 0.155.0 do not.
var forcedOnly = Version{0, 156, 0}

// preferenceKeys hold a whole TOML file each, as base64.
var preferenceKeys = []struct{ layer, key string }{
	{LayerManaged, "config_toml_base64"},
	{LayerRequirements, "requirements_toml_base64"},
}

// ReadPreferences reads the preferences of macOS as layers, stronger than the files of
// the same name. What is forced on the user comes before what is forced on the computer,
// and that before what is merely set in the user's home and for all users, which ends to
// count with a version. One that cannot be read is among them, with its Err.
func ReadPreferences(fsys afero.Fs, user, home string) Layers {
	places := []preferencePlace{{preferences + preferencesFile, Version{}}, {unforced + preferencesFile, forcedOnly}}
	if home != "" {
		places = slices.Insert(places, 1, preferencePlace{strings.TrimRight(home, "/") + unforced + preferencesFile, forcedOnly})
	}
	if user != "" {
		places = slices.Insert(places, 0, preferencePlace{preferences + user + "/" + preferencesFile, Version{}})
	}
	var layers Layers
	seen := map[string]bool{}
	for _, place := range places {
		for _, l := range preferencesIn(fsys, place.path) {
			if !seen[l.Name] {
				l.Until, seen[l.Name] = place.until, true
				layers = append(layers, l)
			}
		}
	}
	return layers
}

// preferencePlace is a file of preferences, and the first Codex that passes it over.
type preferencePlace struct {
	path  string
	until Version
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
