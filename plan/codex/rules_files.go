package codex

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/bounded"
)

func fileRules() []Rule {
	return []Rule{
		{"missing-file", plan.Error, "Codex cannot read a file that a key names", missingFiles},
	}
}

// namesFiles are the keys that name a file without which Codex does not start.
var namesFiles = []plan.Address{
	{"model_instructions_file"}, {"experimental_compact_prompt_file"}, {"model_catalog_json"}, {"debug", "config_lockfile", "load_path"},
}

// filesBeside is the first measured version that looks for such a file beside
// config.toml, not where it is started.
var filesBeside = Version{0, 89, 0}

func missingFiles(f *finder) {
	if f.File == nil {
		return
	}
	cwd := f.Version.measuredBy().Compare(filesBeside) < 0
	for _, a := range namesFiles {
		key, v := a.String(), f.merged.At(a)
		if v.Kind() != plan.KindString || !f.knows(a...) || cwd && !filepath.IsAbs(v.Text()) {
			continue
		}
		if wrong := f.File(key, v.Text()); wrong != "" {
			f.stop(a, fmt.Sprintf("Codex does not start: the file that %s names %s", key, wrong), "put the file there first, or remove the key")
		}
	}
}

// FilesOf says what is wrong with a file that a key of config.toml names in a home: ""
// when Codex can read it.
func FilesOf(fsys afero.Fs, home, userHome string) func(key, path string) string {
	return func(key, path string) string {
		switch rest, ok := strings.CutPrefix(path, "~/"); {
		case path == "":
			return "is not named"
		case ok:
			path = filepath.Join(userHome, rest)
		case !filepath.IsAbs(path):
			path = filepath.Join(home, path)
		}
		data, _, err := bounded.File(fsys, path, maxFile)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return "is not there"
		case err != nil:
			return "" // it may be larger than what is read here, or closed to us alone
		case len(bytes.TrimSpace(data)) == 0:
			return "is empty"
		case key == "model_catalog_json":
			return wrongCatalogue(data)
		}
		return ""
	}
}

// wrongCatalogue says why a file lists no models, "" when it does.
func wrongCatalogue(data []byte) string {
	var catalogue struct{ Models []json.RawMessage }
	switch err := json.Unmarshal(data, &catalogue); {
	case err != nil:
		return "is no JSON object with models"
	case len(catalogue.Models) == 0:
		return "lists no models"
	}
	return ""
}
