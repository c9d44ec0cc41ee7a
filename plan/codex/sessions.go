package codex

import (
	"bufio"
	"encoding/json"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/bounded"
)

// Bounds of the look at old sessions.
const (
	maxSessions    = 5000
	sessionRead    = 4 << 10 // bytes at a time
	maxSessionHead = 1 << 20 // of a file's first line, which holds the instructions
)

// HiddenSessions counts the sessions of a home that were begun under another
// model provider than the one given: Codex lists only those of its own. It
// looks at no more than 5000 and passes over what it cannot read; where the file
// system does not answer, there are none.
func HiddenSessions(fsys afero.Fs, home, provider string) int {
	hidden, err := bounded.Look(fsys, filepath.Join(home, "sessions"), func(fsys afero.Fs, open bounded.Opener) int {
		return hiddenSessions(open, fsys, home, provider)
	})
	if err != nil {
		return 0
	}
	return hidden
}

func hiddenSessions(open bounded.Opener, fsys afero.Fs, home, provider string) int {
	hidden, seen := 0, 0
	walk := func(path string, info fs.FileInfo, err error) error {
		if err != nil || info.IsDir() || !strings.HasSuffix(path, ".jsonl") {
			return nil
		}
		if seen++; seen > maxSessions {
			return fs.SkipAll
		}
		if p := sessionProvider(open, fsys, path); p != "" && p != provider {
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
// there is none. It stands in front of the instructions, which are long and are not
// read.
func sessionProvider(open bounded.Opener, fsys afero.Fs, path string) string {
	f, _, err := open(fsys, path)
	if err != nil {
		return ""
	}
	defer f.Close()
	d := json.NewDecoder(io.LimitReader(bufio.NewReaderSize(f, sessionRead), maxSessionHead))
	kind, provider := "", ""
	members(d, func(name string) bool {
		switch name {
		case "type":
			return d.Decode(&kind) == nil && (kind == "" || kind == "session_meta")
		case "payload":
			members(d, func(name string) bool {
				if name == "model_provider" {
					return d.Decode(&provider) == nil && kind == ""
				}
				return skip(d)
			})
			return provider == "" || kind == ""
		}
		return skip(d)
	})
	if kind != "session_meta" {
		return ""
	}
	return provider
}

// members gives the names of an object's members, until one is told to be the last
// or what comes is no object.
func members(d *json.Decoder, member func(name string) bool) {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return
	}
	for d.More() {
		if name, err := d.Token(); err != nil || !member(name.(string)) {
			return
		}
	}
	_, _ = d.Token()
}

func skip(d *json.Decoder) bool {
	var value json.RawMessage
	return d.Decode(&value) == nil
}
