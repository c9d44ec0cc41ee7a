package codex_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
	"github.com/codexform/codexform/plan/tomlfile"
)

// TestRulesKnowWhatStopsCodex holds the rules against real programs: of each of these
// files they say that Codex does not start exactly when it does not.
func TestRulesKnowWhatStopsCodex(t *testing.T) {
	for _, list := range []string{"stops", "mistakes"} {
		data, err := os.ReadFile("testdata/" + list + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		t.Run(list, func(t *testing.T) {
			codextest.Each(t, func(t *testing.T, version, program string) { stops(t, string(data), version, program) })
		})
	}
}

func stops(t *testing.T, files, version, program string) {
	v, err := codex.ParseVersion(version)
	if err != nil {
		t.Fatal(err)
	}
	b := codex.Binary{Path: program}
	stopped, cases := 0, 0
	for line := range strings.Lines(files) {
		config := strings.ReplaceAll(strings.TrimSuffix(line, "\n"), `\n`, "\n") + "\n"
		if strings.HasPrefix(line, "#") || config == "\n" {
			continue
		}
		cases++
		if stopsAsSaid(t, b, v, config) {
			stopped++
		}
	}
	t.Logf("%d of %d stop Codex %s", stopped, cases, version)
	if stopped < 40 || stopped > cases-20 {
		t.Errorf("%d of %d stop Codex %s: the cases prove nothing", stopped, cases, version)
	}
}

// files are those of a home that has none.
func files(key, path string) string {
	return codex.FilesOf(afero.NewMemMapFs(), "/home/u/.codex", "/home/u")(key, path)
}

// saysItStops is what says that a version does not start with a file.
func saysItStops(config string, v codex.Version) (said []string) {
	doc, err := tomlfile.Parse([]byte(config))
	if err != nil {
		return []string{err.Error()}
	}
	for _, d := range codex.Check(codex.Checked{Root: doc.Root, Version: v, File: files}) {
		if d.Stops {
			said = append(said, d.Rule+": "+d.Summary)
		}
	}
	return said
}

// stopsAsSaid reports whether a config.toml stops Codex, and wants the rules to say so of
// those that do and of no others.
func stopsAsSaid(t *testing.T, b codex.Binary, v codex.Version, config string) bool {
	t.Helper()
	var bad *codex.LoadError
	real := b.Loads(t.Context(), []byte(config))
	if real != nil && !errors.As(real, &bad) {
		t.Fatalf("%s: %v", config, real)
	}
	if said := saysItStops(config, v); (real != nil) != (len(said) > 0) {
		t.Errorf("%s\tCodex %v says %v, the rules %q", config, v, real, said)
	}
	return real != nil
}
