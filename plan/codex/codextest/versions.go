package codextest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// old is an old Codex that fleets still have; tests hold what is promised for every
// version against it and the pinned one.
const old = "0.120.0"

// Versions are the versions to hold a test against: those that CODEX_VERSIONS names,
// else the pinned one and old.
func Versions() []string {
	if names := strings.Fields(os.Getenv("CODEX_VERSIONS")); len(names) > 0 {
		return names
	}
	return []string{Version, old}
}

// Each runs a test with the program of each of Versions.
func Each(t *testing.T, test func(t *testing.T, version, program string)) {
	t.Helper()
	for _, version := range Versions() {
		t.Run(version, func(t *testing.T) { test(t, version, Program(t, version)) })
	}
}

// Program is the path of a version of Codex: the pinned one of .tools, or one that
// .ci/tools/codex.sh has installed in its cache. Where it is missing, the test is
// skipped, or fails when CI=true.
func Program(t testing.TB, version string) string {
	t.Helper()
	if version == Version {
		return Binary(t)
	}
	for _, way := range []string{"bin", "codex"} {
		found, err := filepath.Glob(filepath.Join(Cache(t), version, "package", "vendor", "*", way, binaryName))
		if err == nil && len(found) == 1 {
			return found[0]
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("Codex %s is not installed: run .ci/tools/codex.sh %s", version, version)
	}
	t.Skipf("SKIPPED, NOTHING IS PROVED: Codex %s is not installed: run .ci/tools/codex.sh %s", version, version)
	return ""
}

// Cache is the folder that .ci/tools/codex.sh installs into.
func Cache(t testing.TB) string {
	if dir := os.Getenv("CODEXES"); dir != "" {
		return dir
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "codexform", "codexes")
}
