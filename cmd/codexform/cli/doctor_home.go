package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// homeState is what is known of the Codex home.
type homeState struct {
	readable bool // both files could be read and understood
	snapshot codex.Snapshot
}

// readHome looks at both files as Codex and as apply would.
func (e *exam) readHome() string {
	home, err := e.findHome(e.options.homeOptions, e.policy)
	if err != nil {
		e.find(ui.Finding{Severity: plan.Error, ID: "codex-home", Summary: err.Error(), Fix: "name a folder by its whole path"})
		return "no Codex home"
	}
	e.report.Home = home
	if info, err := e.env.Fs.Stat(home); err != nil || !info.IsDir() {
		return e.missingHome(home)
	}
	e.checkPlaces(home)
	if e.snapshot, err = codex.Read(e.env.Fs, home); err != nil {
		e.findDamage(err)
		return "damaged or unreadable"
	}
	e.readable = true
	e.checkMode(home)
	e.checkOwners(home)
	return e.filesText()
}

// missingHome judges a home that is not there. Codex makes the usual one by itself,
// and refuses to start with another.
func (e *exam) missingHome(home string) string {
	if named := e.env.getenv("CODEX_HOME"); named != "" {
		e.find(ui.Finding{
			Severity: plan.Error, ID: "codex-home", Summary: "CODEX_HOME names no folder, and Codex does not start without it",
			Evidence: "CODEX_HOME=" + named, Fix: "make the folder, or correct the variable",
		})
		return "not there"
	}
	e.readable = e.policy != nil
	e.snapshot = codex.Snapshot{Home: home, Observed: plan.Observed{Home: home}}
	if !e.readable && len(e.options.files) == 0 {
		e.find(ui.Finding{
			Severity: plan.Error, ID: "nothing-set-up", Summary: "there is neither a Codex home nor a desired state here",
			Evidence: "no " + home, Fix: "`codexform init` writes a desired state to fill in",
		})
	}
	return "not there yet"
}

func (e *exam) findDamage(err error) {
	f := ui.Finding{Severity: plan.Error, ID: "file-unreadable", Summary: err.Error(), Fix: "give this user the right to read it"}
	var file *codex.FileError
	if errors.As(err, &file) {
		f.Fix = file.Fix
		if file.Damaged {
			f.ID = "file-damaged"
		} else if e.stopped() {
			return // it is no file at all, which has been said
		}
	}
	e.find(f)
}

// checkPlaces asks the code that writes whether it would, and whether an earlier
// run was cut off.
func (e *exam) checkPlaces(home string) {
	session, err := commit.Open(commit.Options{Home: home, UserHome: e.env.Home})
	if err == nil {
		defer session.Close()
		if session.Interrupted() {
			e.find(ui.Finding{
				Severity: plan.Error, ID: "interrupted-run", Summary: "an earlier run of codexform was cut off",
				Evidence: "its record is in " + filepath.Join(home, codex.StateDir), Fix: "`codexform apply` finishes or undoes it first",
			})
		}
		var state commit.State
		if state, err = session.Read(); err == nil {
			e.refused(state.Config.Refusal)
			e.refused(state.Auth.Refusal)
		}
	}
	e.refused(err)
}

// refused notes a place that apply would not write to. Codex may live with it, so
// without a desired state it is no more than a warning.
func (e *exam) refused(err error) {
	var r *commit.RefusedError
	if !errors.As(err, &r) {
		return
	}
	f := ui.Finding{Severity: plan.Error, ID: "not-writable", Summary: r.Path + " " + r.Detail, Evidence: string(r.Reason), Fix: r.Fix}
	if e.policy == nil {
		f.Severity = plan.Warning
	}
	e.find(f)
}

// checkMode finds a key that others may read.
func (e *exam) checkMode(home string) {
	auth := e.snapshot.Observed.Auth
	if !auth.Exists || auth.Mode&0o077 == 0 || e.env.OS == "windows" {
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
	var parts []string
	for _, f := range []struct {
		name string
		file codex.File
	}{{plan.ConfigFile, e.snapshot.Config}, {plan.AuthFile, e.snapshot.Auth}} {
		if f.file.Exists {
			parts = append(parts, fmt.Sprintf("%s (%04o)", f.name, f.file.Mode))
		} else {
			parts = append(parts, "no "+f.name)
		}
	}
	return strings.Join(parts, ", ")
}
