package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// homeState is what is known of the Codex home.
type homeState struct {
	readable  bool // both files could be read and understood
	snapshot  codex.Snapshot
	unfitting error // the desired state does not fit the files
}

// readHome looks at both files as Codex and as apply would.
func (e *exam) readHome(ctx context.Context) outcome {
	e.checkSystemFiles()
	e.checkOwnHome()
	home, err := e.FindHome(e.policy)
	if err != nil {
		e.find(ui.Finding{Severity: plan.Error, ID: "codex-home", Summary: err.Error(), Fix: "name a folder by its whole path"})
		return saw("no Codex home")
	}
	e.report.Home = home
	if info, err := e.Fs.Stat(home); err != nil || !info.IsDir() {
		return e.missingHome(ctx, home)
	}
	if e.readable = e.look(ctx, home); !e.readable {
		return saw("damaged or unreadable")
	}
	e.checkMode(home)
	e.checkOwners(home)
	return saw(e.filesText())
}

// missingHome judges a home that is not there. Codex makes the usual one by itself,
// and refuses to start with another.
func (e *exam) missingHome(ctx context.Context, home string) outcome {
	if named := e.getenv("CODEX_HOME"); named != "" {
		e.find(ui.Finding{
			Severity: plan.Error, ID: "codex-home", Summary: "CODEX_HOME names no folder, and Codex does not start without it",
			Evidence: "CODEX_HOME=" + named, Fix: "make the folder, or correct the variable",
		})
		return saw("not there")
	}
	e.readable = e.policy != nil && e.look(ctx, home)
	if e.policy == nil && len(e.Files) == 0 {
		e.find(ui.Finding{
			Severity: plan.Error, ID: "nothing-set-up", Summary: "there is neither a Codex home nor a desired state here",
			Evidence: "no " + home, Fix: "`codexform init` writes a desired state to fill in",
		})
	}
	return saw("not there yet")
}

func (e *exam) findDamage(err error) {
	if refused := new(commit.RefusedError); errors.As(err, &refused) {
		return // which has been said
	}
	f := ui.Finding{Severity: plan.Error, ID: "file-unreadable", Summary: err.Error(), Fix: "give this user the right to read it"}
	var file *codex.FileError
	if errors.As(err, &file) {
		f.Fix = file.Fix
		if file.Damaged {
			f.ID = "file-damaged"
		}
	}
	e.find(f)
}

// look looks as apply would, without the findings: those have steps of their own. It
// reports whether both files could be read and understood.
func (e *exam) look(ctx context.Context, home string) bool {
	o := e.Look(home)
	o.Desired, o.Check = e.wants, nil
	if e.policy == nil {
		o.Make = func(_ plan.Desired, seen plan.Observed) plan.Plan { return plan.Plan{Home: seen.Home} }
	}
	sight, err := apply.Look(ctx, o)
	e.checkPlaces(home, sight)
	if e.snapshot = sight.Snapshot; e.snapshot.Home == "" {
		e.findDamage(err)
		return false
	}
	e.unfitting, e.todo, e.after = err, sight.Plan, sight.Rendered
	if err != nil || e.policy == nil {
		e.todo, e.after = plan.Plan{}, untouched(e.snapshot)
	}
	return true
}

// checkPlaces says which places nobody may write to, and whether an earlier run was
// cut off.
func (e *exam) checkPlaces(home string, s apply.Sight) {
	if s.Plan.Interrupted {
		e.find(ui.Finding{
			Severity: plan.Error, ID: "interrupted-run", Summary: "an earlier run of codexform was cut off",
			Evidence: "its intent is in " + cmp.Or(e.Look(home).State, filepath.Join(home, codex.StateDir)), Fix: "`codexform apply` finishes or undoes it first",
		})
	}
	for _, r := range slices.Concat(s.Closed, s.Refusals) {
		e.refused(r)
	}
}

// refused notes a place that apply would not write to. Codex may live with it, so
// without a desired state it is no more than a warning.
func (e *exam) refused(r *commit.RefusedError) {
	f := ui.Finding{Severity: plan.Error, ID: "not-writable", Summary: r.Path + " " + r.Detail, Evidence: string(r.Reason), Fix: r.Fix}
	switch {
	case r.Reason == commit.ReasonUnreadable, r.Reason == commit.ReasonNoFolder:
		f.ID = "file-unreadable" // by Codex neither
	case e.policy == nil:
		f.Severity = plan.Warning
	}
	e.find(f)
}

// checkMode finds a key that others may read.
func (e *exam) checkMode(home string) {
	auth := e.snapshot.Observed.Auth
	if !auth.Exists || auth.Mode&0o077 == 0 {
		return
	}
	path := filepath.Join(home, plan.AuthFile)
	e.find(ui.Finding{
		Severity: plan.Warning, ID: "auth-mode", Summary: "others on this machine may read or change auth.json",
		Evidence: fmt.Sprintf("%s has mode %04o", path, auth.Mode), Fix: "chmod 600 " + path,
	})
}

// checkOwners finds a file that belongs to somebody else than its folder does: Codex
// cannot replace it, or not read it.
func (e *exam) checkOwners(home string) {
	folder, known := e.owner(home)
	for _, name := range []string{plan.ConfigFile, plan.AuthFile} {
		path := filepath.Join(home, name)
		if uid, ok := e.owner(path); ok && known && uid != folder {
			e.find(ui.Finding{
				Severity: plan.Warning, ID: "file-owner", Summary: name + " belongs to another user than its folder",
				Evidence: fmt.Sprintf("%s belongs to uid %d, %s to uid %d", path, uid, home, folder),
				Fix:      fmt.Sprintf("chown %d %s", folder, path),
			})
		}
	}
}

func (e *exam) filesText() string {
	var files []string
	second, name := e.snapshot.Auth, plan.AuthFile
	if e.snapshot.Observed.System {
		second, name = e.snapshot.Pins, plan.PinsFile
	}
	for _, f := range []struct {
		name string
		file codex.File
	}{{plan.ConfigFile, e.snapshot.Config}, {name, second}} {
		switch {
		case !f.file.Exists:
			files = append(files, "no "+f.name)
		case f.file.Mode == 0: // no modes here
			files = append(files, f.name)
		default:
			files = append(files, fmt.Sprintf("%s (%04o)", f.name, f.file.Mode))
		}
	}
	return strings.Join(files, ", ")
}
