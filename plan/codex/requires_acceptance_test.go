package codex_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
	"github.com/codexform/codexform/plan/tomlfile"
)

// TestRulesKnowWhatStopsCodex holds the rules against real programs: of each of these
// files they say that Codex does not start exactly when it does not.
func TestRulesKnowWhatStopsCodex(t *testing.T) {
	data, err := os.ReadFile("testdata/stops.txt")
	if err != nil {
		t.Fatal(err)
	}
	codextest.Each(t, func(t *testing.T, version, program string) {
		v, err := codex.ParseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		b := codex.Binary{Path: program}
		stopped, cases := 0, 0
		for line := range strings.Lines(string(data)) {
			config := strings.ReplaceAll(strings.TrimSuffix(line, "\n"), `\n`, "\n") + "\n"
			if strings.HasPrefix(line, "#") || config == "\n" {
				continue
			}
			cases++
			doc, err := tomlfile.Parse([]byte(config))
			if err != nil {
				t.Fatalf("%s: %v", config, err)
			}
			var bad *codex.LoadError
			real := b.Loads(t.Context(), []byte(config))
			if real != nil && !errors.As(real, &bad) {
				t.Fatalf("%s: %v", config, real)
			}
			if real != nil {
				stopped++
			}
			var said []string
			for _, d := range codex.Check(codex.Checked{Root: doc.Root, Version: v}) {
				if d.Stops {
					said = append(said, d.Rule+": "+d.Summary)
				}
			}
			if (real != nil) != (len(said) > 0) {
				t.Errorf("%q: Codex says %v, the rules %q", config, real, said)
			}
		}
		if stopped < 40 || stopped > cases-20 {
			t.Errorf("%d of %d stop Codex %s: the cases prove nothing", stopped, cases, version)
		}
	})
}
