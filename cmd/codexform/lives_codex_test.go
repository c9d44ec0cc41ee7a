package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/codex/codextest"
)

var codexLives = flag.Int("codex-lives", 15, "how many lives TestLivesWithCodex lives")

// TestLivesWithCodex lives as TestLivesByCommand does, and it is Codex itself that writes in
// between: it adds a server, and spells the others anew.
func TestLivesWithCodex(t *testing.T) {
	codextest.Binary(t)
	wrong, added, lives := 0, 0, few(*codexLives)
	for seed := range uint64(lives) {
		home := codextest.Home(t)
		l := &commandLife{t: t, r: rand.New(rand.NewPCG(seed, 4)), home: home}
		l.edit = func(string) (string, error) {
			ran := codextest.Run(t, home, nil, "mcp", "add", "added", "--", "server")
			if ran.Exit != 0 {
				return "", fmt.Errorf("codex mcp add: exit %d: %s", ran.Exit, ran.Stderr)
			}
			added++
			data, err := os.ReadFile(filepath.Join(home, "config.toml"))
			return string(data), err
		}
		if err := l.live(livedHomes[seed%uint64(len(livedHomes))]); err != nil {
			wrong++
			t.Errorf("life %d: %v\n%s", seed, err, strings.Join(l.said, "\n"))
		}
	}
	if t.Logf("%d lives, Codex wrote in %d, %d wrong", lives, added, wrong); added == 0 {
		t.Error("Codex has written in none")
	}
}
