package apply_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// What is met under the lock as it was shown is not worked out again; what has moved is.
func TestLooksOnce(t *testing.T) {
	for name, tt := range map[string]struct {
		meanwhile func(g *ground)
		checks    int
	}{
		"nobody":         {func(*ground) {}, 1},
		"another value":  {func(g *ground) { g.write("config.toml", livedInConfig+"\nextra = 1\n") }, 2},
		"another key":    {func(g *ground) { g.write("auth.json", `{"OPENAI_API_KEY":"sk-other-22222222222222"}`) }, 2},
		"another mode":   {func(g *ground) { os.Chmod(filepath.Join(g.home, "config.toml"), 0o640) }, 2},
		"another time":   {func(g *ground) { os.Chtimes(filepath.Join(g.home, "config.toml"), time.Time{}, g.now) }, 2},
		"no file at all": {func(g *ground) { os.Remove(filepath.Join(g.home, "config.toml")) }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "another mode" && runtime.GOOS == "windows" {
				t.Skip("there are no modes")
			}
			g := newGround(t, livedIn())
			o, checks, asked := g.options(ok()), 0, 0
			o.Check = func(context.Context, codex.Snapshot, plan.Plan, codex.Rendered) []plan.Diagnostic {
				checks++
				return []plan.Diagnostic{{Severity: plan.Warning, Rule: "test"}}
			}
			o.Review = func(_ context.Context, p plan.Plan) error {
				if asked++; asked == 1 {
					tt.meanwhile(g)
				}
				if len(p.Diagnostics) != 1 {
					t.Errorf("findings: %v", p.Diagnostics)
				}
				return nil
			}
			got, err := apply.Run(t.Context(), o)
			if err != nil || got.Outcome != apply.Applied || checks != tt.checks || len(got.Plan.Diagnostics) != 1 {
				t.Errorf("%v, %v: worked out %d times, want %d; findings %v", got.Outcome, err, checks, tt.checks, got.Plan.Diagnostics)
			}
		})
	}
}
