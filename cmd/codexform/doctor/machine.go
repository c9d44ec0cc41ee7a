package doctor

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/stall"
)

// Person is somebody with an account on this machine.
type Person struct {
	Name string
	UID  uint32
	Home string
}

// mostCopies bounds how many programs are asked for their version.
const mostCopies = 8

// checkCopies finds other Codex programs. Which of them a user starts is a matter of that
// user's PATH, and they need not read the same keys.
func (e *exam) checkCopies(ctx context.Context, first string) {
	if e.Copies == nil {
		return
	}
	seen := map[string]bool{real(first): true}
	var all []string
	same := true
	for _, path := range e.Copies() {
		if at := real(path); !seen[at] && len(all) < mostCopies {
			seen[at] = true
			v, err := codex.Binary{Path: path, AsUser: e.ForRoot}.Version(ctx)
			same = same && err == nil && v == e.version
			if err != nil {
				all = append(all, path+" (no version)")
				continue
			}
			all = append(all, v.String()+" at "+path)
		}
	}
	if len(all) == 0 {
		return
	}
	f := ui.Finding{
		Severity: plan.Info, ID: "codex-copies", Summary: "Codex is installed more than once; which one runs is a matter of each PATH",
		Evidence: e.version.String() + " at " + first + ", " + strings.Join(all, ", "), Fix: "keep one, or update all of them together",
	}
	if !same {
		f.Severity = plan.Warning
		f.Summary = "Codex is installed more than once, in versions that differ; which one runs is a matter of each PATH"
	}
	e.find(f)
}

func real(path string) string {
	defer stall.Enter(stall.Look, "", path).Leave()
	if at, err := filepath.EvalSymlinks(path); err == nil {
		return at
	}
	return path
}

// checkReach finds what the machine's own layer names and users cannot reach: the program
// that gets Codex the key runs as them, and reads the policy as them.
func (e *exam) checkReach(command *codex.Command) {
	if !e.ForRoot || command == nil || len(command.Argv) == 0 {
		return
	}
	defer stall.Enter(stall.Look, "", command.Argv[0]).Leave()
	if program, err := exec.LookPath(command.Argv[0]); err == nil {
		e.closed(ui.Finding{ID: "helper-closed", Summary: "users cannot run the program that gets Codex the key"}, program, true)
		e.checkHelper(program)
	}
	for i, arg := range command.Argv[1:] {
		if i > 0 && command.Argv[i] == "-f" {
			e.closed(ui.Finding{ID: "policy-closed", Summary: "users cannot read the policy, which the program that gets Codex the key reads as them"}, arg, false)
		}
	}
}

// checkHelper finds a program that runs as every user, with the key of each, and that one of
// them may change.
func (e *exam) checkHelper(program string) {
	if at := codex.Foreign(program); at != "" {
		e.find(ui.Finding{
			Severity: plan.Error, ID: "helper-writable", Summary: "others than root may change the program that gets Codex the key, which runs as every user",
			Evidence: at, Fix: "chown root:root and chmod go-w " + at,
		})
	}
}

// checkForeign finds a Codex on root's PATH that somebody else may change. Nothing here runs
// it as root; whoever types its name does.
func (e *exam) checkForeign(program string) {
	if at := codex.Foreign(program); at != "" {
		e.find(ui.Finding{
			Severity: plan.Warning, ID: "codex-foreign", Summary: "others than root may change the Codex that root would run",
			Evidence: at + " is theirs; codexform runs " + program + " as nobody", Fix: "chown root and chmod go-w what is root's, or take its folder from root's PATH",
		})
	}
}

// closed adds a finding where users cannot reach a path.
func (e *exam) closed(f ui.Finding, path string, run bool) {
	at := codex.ClosedToUsers(path, run)
	if at == "" {
		return
	}
	f.Severity, f.Evidence, f.Fix = plan.Error, at+" is closed to them", e.letIn(at, run)
	e.find(f)
}

// checkPeople looks at the homes of everybody with an account, from outside.
func (e *exam) checkPeople() outcome {
	people, err := e.People()
	if err != nil {
		return skip(err.Error())
	}
	fit, missing := 0, 0
	for _, p := range people {
		info, err := e.Fs.Stat(p.Home)
		uid, known := e.owner(p.Home)
		switch {
		case err != nil:
			missing++
		case !info.IsDir() || known && uid != p.UID:
			e.find(ui.Finding{
				Severity: plan.Warning, ID: "home-owner", Summary: "the home of " + p.Name + " is not that user's: --all-users can do nothing there",
				Evidence: fmt.Sprintf("%s belongs to uid %d, the account is uid %d", p.Home, uid, p.UID), Fix: "see which of the two is right; chown the home, or correct the account",
			})
		default:
			fit++
		}
	}
	text := fmt.Sprintf("%d with a home", fit)
	if missing > 0 {
		text += fmt.Sprintf(", %d whose home is not there", missing)
	}
	return saw(text)
}

// checkOwnHome finds root with the HOME of somebody else, as sudo -E leaves it: what is
// looked at is then neither root's nor looked at as that user.
func (e *exam) checkOwnHome() {
	uid, known := e.owner(e.Home)
	if e.People == nil || !known || uid == 0 {
		return
	}
	e.find(ui.Finding{
		Severity: plan.Warning, ID: "home-differs", Summary: "this is root, and HOME is somebody else's home",
		Evidence: fmt.Sprintf("HOME is %s, which belongs to uid %d", e.Home, uid), Fix: "sudo -H, or --user for the one whose home is meant",
	})
}
