package codex

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// FindHome is the Codex home that a command is about: the flag's, else the
// policy's, else $CODEX_HOME, else .codex in the user's home folder. It does not
// look whether the folder is there. The path is absolute.
func FindHome(flag, policy string, lookup func(string) (string, bool), userHome string) (string, error) {
	env, _ := lookup("CODEX_HOME")
	for _, from := range []struct{ what, path string }{
		{"--codex-home", flag}, {"codex_home", policy}, {"CODEX_HOME", env},
	} {
		if from.path == "" {
			continue
		}
		if strings.HasPrefix(from.path, "~") {
			return "", fmt.Errorf("%s: %s: nobody expands the ~ here, nor does Codex: give the whole path", from.what, from.path)
		}
		abs, err := filepath.Abs(from.path)
		if err != nil {
			return "", fmt.Errorf("%s: %w", from.what, err)
		}
		return abs, nil
	}
	if userHome == "" {
		return "", errors.New("no home folder is known for this user: give --codex-home")
	}
	return filepath.Join(userHome, ".codex"), nil
}
