package doctor

import (
	"fmt"
	"os/exec"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/stall"
)

// accessNow is how Codex would reach its provider with what is on the disk.
func (e *exam) accessNow() codex.Access {
	seen := e.snapshot.Observed
	return e.Access(e.snapshot.Home, codex.Pinned(seen.Config.Root, seen.Pins.Root), seen.Auth)
}

// accessThen is how it would after an apply.
func (e *exam) accessThen() codex.Access {
	return e.Access(e.snapshot.Home, codex.Pinned(e.after.Root, e.after.Pinned), e.after.After)
}

// checkCredential finds out what Codex would really send. What waits to be applied
// explains whatever is wrong with it.
func (e *exam) checkCredential() outcome {
	if e.stopped() {
		return skip("something else comes first")
	}
	now := e.accessNow()
	seen := fmt.Sprintf("provider %s, credential: %s", now.Provider, now.Credential)
	if why := unusable(now); why != "" {
		switch {
		case e.rewired && e.found(secretFinding):
			e.notApplied(plan.Warning, why)
			return saw(seen)
		case e.rewired:
			e.notApplied(plan.Error, why)
			return saw(seen)
		case openAI(now) && e.found(policyFinding):
			return skip("the desired state comes first")
		}
		e.find(ui.Finding{Severity: plan.Error, ID: "credential", Summary: why, Evidence: seen, Fix: now.Fix(e.wants)})
		return saw(seen)
	}
	e.checkProgram(now)
	if now.Exec != "" {
		e.find(ui.Finding{
			Severity: plan.Warning, ID: "environment-wins", Summary: "codex exec sends the value of " + now.Exec + " instead",
			Evidence: now.Exec + " is set here", Fix: "unset it",
		})
	}
	return saw(seen)
}

// unusable says why Codex would not reach a gateway, "" when nothing speaks against it.
func unusable(a codex.Access) string {
	switch {
	case a.Problem != "":
		return a.Problem
	case a.Unsure != "":
		return a.Unsure
	case a.Credential == codex.FromNothing && !openAI(a):
		return "Codex would send no credential to the provider " + a.Provider
	}
	return ""
}

// checkProgram looks for the program that prints the credential.
func (e *exam) checkProgram(a codex.Access) {
	if a.Command == nil {
		return
	}
	if e.snapshot.Observed.System {
		e.checkReach(a.Command)
	}
	defer stall.Enter(stall.Look, "", a.Command.Argv[0]).Leave()
	if _, err := exec.LookPath(a.Command.Argv[0]); err != nil {
		e.find(ui.Finding{
			Severity: plan.Error, ID: "command-missing", Summary: "the program that gets Codex the key cannot be run",
			Evidence: a.Command.Argv[0] + " is not on the PATH of this shell",
			Fix:      "install it there, or give its whole path in the provider's auth table",
		})
	}
}

// checkAuthorities reads the certificates that Codex would trust beside the system's.
func (e *exam) checkAuthorities() outcome {
	for _, name := range codex.AuthorityVariables {
		path, _ := e.gateway().Getenv(name)
		if path == "" {
			continue
		}
		if why := e.badAuthorities(path); why != "" {
			e.find(ui.Finding{
				Severity: plan.Error, ID: "ca-file", Summary: name + " names a file that is of no use, so Codex connects to nothing",
				Evidence: path + " " + why, Fix: "name a file with the certificates in PEM, or unset " + name,
			})
		}
		return saw(name + "=" + path)
	}
	return saw("those of the system")
}

func (e *exam) badAuthorities(path string) string {
	data, _, err := bounded.File(e.Fs, path, 4<<20)
	switch {
	case bounded.Refused(err):
		return err.Error()
	case err != nil:
		return "could not be read"
	}
	if _, err := codex.Authorities(data); err != nil {
		return err.Error()
	}
	return ""
}
