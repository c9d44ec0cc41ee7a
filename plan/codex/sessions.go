package codex

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/bounded"
)

// Bounds of the look at old sessions.
const (
	maxSessions    = 5000
	maxSessionHead = 1 << 20 // of a file's first line, which holds the instructions
)

// HiddenSessions counts the sessions of a home that were begun under another
// model provider than the one given: Codex lists only those of its own. It
// looks at no more than 5000 and passes over what it cannot read.
func HiddenSessions(fsys afero.Fs, home, provider string) int {
	hidden, seen := 0, 0
	walk := func(path string, info fs.FileInfo, err error) error {
		if err != nil || info.IsDir() || !strings.HasSuffix(path, ".jsonl") {
			return nil
		}
		if seen++; seen > maxSessions {
			return fs.SkipAll
		}
		if p := sessionProvider(fsys, path); p != "" && p != provider {
			hidden++
		}
		return nil
	}
	if err := afero.Walk(fsys, filepath.Join(home, "sessions"), walk); err != nil {
		return 0
	}
	return hidden
}

// sessionProvider is the provider in the first line of a session's file, "" when
// there is none.
func sessionProvider(fsys afero.Fs, path string) string {
	f, _, err := bounded.Open(fsys, path)
	if err != nil {
		return ""
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxSessionHead)
	if !lines.Scan() {
		return ""
	}
	var head struct {
		Type    string `json:"type"`
		Payload struct {
			Provider string `json:"model_provider"`
		} `json:"payload"`
	}
	if json.Unmarshal(lines.Bytes(), &head) != nil || head.Type != "session_meta" {
		return ""
	}
	return head.Payload.Provider
}
