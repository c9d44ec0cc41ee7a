package codex

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/stall"
)

// PlacedVersion is the version of an installed Codex as its place tells it, and nobody
// runs: npm's package.json above it, or the folder of its version that Homebrew, mise and
// Codex's own installer put it in. It is false where the place tells nothing.
func PlacedVersion(fsys afero.Fs, program string) (Version, bool) {
	look := stall.Enter(stall.Look, "", program)
	path, err := filepath.EvalSymlinks(program)
	look.Leave()
	if err != nil {
		return Version{}, false
	}
	dir := filepath.Dir(path)
	for range packageDepth {
		if v, ok := packageVersion(fsys, filepath.Join(dir, "package.json")); ok {
			return v, true
		}
		dir = filepath.Dir(dir)
	}
	return folderVersion(path)
}

const (
	packageDepth = 6        // node_modules/@openai/codex-linux-x64/vendor/TRIPLE/bin/codex
	packageMax   = 64 << 10 // bytes of a package.json
)

func packageVersion(fsys afero.Fs, name string) (Version, bool) {
	data, _, err := bounded.File(fsys, name, packageMax)
	if err != nil {
		return Version{}, false
	}
	var p struct{ Name, Version string }
	if json.Unmarshal(data, &p) != nil || !strings.HasPrefix(p.Name, "@openai/codex") {
		return Version{}, false
	}
	v, err := ParseVersion(p.Version)
	return v, err == nil
}

var versionFolder = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+($|[-_])`) })

// folderVersion is that of a folder which is named so, below one that is about Codex.
func folderVersion(path string) (Version, bool) {
	about := false
	for segment := range strings.SplitSeq(filepath.ToSlash(path), "/") {
		if about && versionFolder().MatchString(segment) {
			v, err := ParseVersion(strings.FieldsFunc(segment, func(r rune) bool { return r == '-' || r == '_' })[0])
			return v, err == nil
		}
		about = about || strings.Contains(strings.ToLower(segment), "codex")
	}
	return Version{}, false
}
