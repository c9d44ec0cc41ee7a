package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/sources"
)

// systemHome is the folder of the machine's own layer.
func (a *app) systemHome() string {
	return codex.SystemHome(a.env.OS, a.env.getenv("ProgramData"))
}

// isSystem reports whether a home is the folder of the machine's own layer. Whoever
// names that folder means the layer.
func (a *app) isSystem(home string) bool {
	if a.env.OS == "windows" {
		return strings.EqualFold(filepath.Clean(home), filepath.Clean(a.systemHome()))
	}
	return filepath.Clean(home) == a.systemHome()
}

// systemOr is the machine's folder for a policy that is for it.
func (a *app) systemOr(p *sources.Policy, flag string) (string, error) {
	if p == nil || !p.Desired.System {
		return "", nil
	}
	if flag != "" && !a.isSystem(flag) {
		return "", &usageError{fmt.Errorf("--codex-home %s: the policy is for the machine's own layer, %s", flag, a.systemHome())}
	}
	return a.systemHome(), nil
}

// readIn reads the files of a home, or of the machine's own layer. A folder of copies
// has its state with it.
func (a *app) readIn(home string, system bool) (codex.Snapshot, error) {
	if !system {
		return codex.Read(a.env.Fs, home)
	}
	return codex.ReadSystem(a.env.Fs, home, a.stateOf(home))
}

// stateOf is the folder of our state of a home.
func (a *app) stateOf(home string) string {
	if a.isSystem(home) {
		return codex.SystemState(a.env.OS, a.env.getenv("ProgramData"))
	}
	return filepath.Join(home, codex.StateDir)
}

// layersFor are the other layers as they count for what was seen: for the machine's own,
// what a user meets who has no file.
func (a *app) layersFor(s codex.Snapshot, after codex.Rendered) codex.Layers {
	if !s.Observed.System {
		return a.otherLayers()
	}
	return a.otherLayers().Over(after.Pinned, filepath.Join(s.Home, plan.PinsFile))
}

// started asks the installed Codex, as a user who is not root and has no file, whether
// it starts with the machine's layer as it is in place. It is asked before an apply, too:
// what kept it from starting before is not undone.
type started struct {
	installed *installed
	before    error
}

func (a *app) startsFor(i *installed) *started { return &started{installed: i} }

func (s *started) asUser(ctx context.Context) error {
	b := s.installed.binary.In("")
	b.Home, b.AsUser = "", true
	return b.Loads(ctx, nil)
}

// look notes how Codex starts before anything is written.
func (s *started) look(ctx context.Context) {
	if s.installed.binary != nil {
		s.before = s.asUser(ctx)
	}
}

// judge is why what is in place must not stay, nil when it may.
func (s *started) judge(ctx context.Context) error {
	if s.installed.binary == nil || s.before != nil {
		return nil
	}
	var bad *codex.LoadError
	if !errors.As(s.asUser(ctx), &bad) {
		return nil
	}
	return &apply.DiagnosticError{Diagnostics: []plan.Diagnostic{{
		Severity: plan.Error, Rule: "load-check", Summary: fmt.Sprintf("no user's Codex starts with the machine's new files: %v", bad),
		Fix: "change or remove the key that it names",
	}}}
}

// closedTo finds files of a policy for the machine that users cannot read, where the
// program that gets Codex the key reads them, as whoever runs Codex.
func (a *app) closedTo(home string, d plan.Desired) []plan.Diagnostic {
	if !d.System || d.Delivery != plan.DeliveryCommand || !a.isSystem(home) {
		return nil
	}
	var out []plan.Diagnostic
	for _, path := range d.Paths {
		if at := codex.ClosedToUsers(path, false); at != "" {
			out = append(out, plan.Diagnostic{
				Severity: plan.Error, Rule: "policy-closed", Origin: plan.Origin{File: path},
				Summary: fmt.Sprintf("%s is closed to users, and codexform token reads the policy as whoever runs Codex", at),
				Fix:     "put the policy where everybody may read it, such as " + a.readable() + "; it names where the key is, and holds none",
			})
		}
	}
	return out
}

// readable is a place for a policy that every user may read.
func (a *app) readable() string {
	if a.env.OS == "windows" {
		return codex.SystemState(a.env.OS, a.env.getenv("ProgramData")) + ", readable to Users"
	}
	return "/etc/codexform, mode 0644"
}
