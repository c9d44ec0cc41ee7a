package doctor

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/sources"
)

// Case is a setup to examine, and the ways to it: those that every command goes, so
// that what doctor sees is what plan and apply would meet.
type Case struct {
	sources.World
	Now     func() time.Time
	ForRoot bool // the report is read by root, or an administrator, who alone can mend the system's files

	Files   []string // of the desired state; none where there is none
	Usual   string   // the name that was looked for, where Files is empty
	Load    func() (*sources.Policy, error)
	Release func(*sources.Policy) // what the policy obtained on the way to its secret

	FindHome func(*sources.Policy) (string, error) // the policy may be nil
	Look     func(home string) apply.Options       // how to look there, wanting nothing

	Binary       *codex.Binary // the installed Codex, nil where there is none
	CodexVersion func(context.Context) codex.Version
	Layers       func() codex.Layers
	Access       func(home string, root plan.Value, auth plan.Auth) codex.Access
	Checked      func(codex.Snapshot, plan.Plan, codex.Rendered) codex.Checked
	Rules        func(context.Context, codex.Checked) []plan.Diagnostic

	Copies func() []string          // all programs called codex that a PATH may lead to
	People func() ([]Person, error) // everybody with an account; nil where this is not root's to see

	Gateway func(home string) *gateway.Client
	Step    func(name string) // is told of each check when it begins
}

// Examine makes all checks, in the order in which a fault in one makes the next ones
// worthless. It writes nothing; the caller bounds its time by ctx.
func Examine(ctx context.Context, c Case) ui.Report {
	e := exam{Case: c}
	defer e.releasePolicy()
	e.step("desired state", e.readPolicy)
	e.step("secret", func() outcome { return e.getSecret(ctx) })
	e.step("files", func() outcome { return e.readHome(ctx) })
	if e.People != nil {
		e.step("users", e.checkPeople)
	}
	if e.readable {
		e.step("Codex", func() outcome { return e.askCodex(ctx) })
		e.step("changes", e.compare)
		e.step("settings", func() outcome { return e.checkRules(ctx) })
		e.step("load check", func() outcome { return e.checkLoad(ctx) })
		e.step("credential", e.checkCredential)
		e.step("certificates", e.checkAuthorities)
		e.step("gateway", func() outcome { return e.checkGateway(ctx) })
	}
	slices.SortStableFunc(e.report.Findings, func(x, y ui.Finding) int {
		return cmp.Compare(x.Severity.Rank(), y.Severity.Rank())
	})
	return e.report
}

// exam is one examination. Each step adds to the report, and leaves for the next
// ones what it has learned.
type exam struct {
	Case
	report ui.Report

	client *gateway.Client

	policyState
	homeState
	codexState
}

// gateway is the client that asks about the home that was read.
func (e *exam) gateway() *gateway.Client {
	if e.client == nil {
		e.client = e.Gateway(e.snapshot.Home)
	}
	return e.client
}

// getenv is the value of a variable, "" where it is not set.
func (e *exam) getenv(name string) string {
	v, _ := e.LookupEnv(name)
	return v
}

// outcome is what a check saw, or why it was not made.
type outcome struct {
	seen    string
	skipped bool
}

func saw(detail string) outcome { return outcome{seen: detail} }

func skip(why string) outcome { return outcome{why, true} }

// step makes one check.
func (e *exam) step(name string, check func() outcome) {
	e.Step(name)
	before := len(e.report.Findings)
	got := check()
	c := ui.Check{Name: name, Detail: plan.ShowText(got.seen), State: ui.Good}
	if got.skipped {
		c.State = ui.Skipped
	}
	worst := len(plan.Severities)
	for _, f := range e.report.Findings[before:] {
		if worst = min(worst, f.Severity.Rank()); worst == f.Severity.Rank() {
			c.State = states[f.Severity]
		}
	}
	e.report.Checks = append(e.report.Checks, c)
}

// states are what a finding makes of the check that found it.
var states = map[plan.Severity]ui.State{plan.Error: ui.Broken, plan.Warning: ui.Doubted, plan.Info: ui.Noted}

// find adds a finding, once.
func (e *exam) find(f ui.Finding) {
	if f.Severity == plan.Review { // what a change would bring is the plan's to say
		return
	}
	f.Summary, f.Evidence, f.Fix = plan.ShowText(f.Summary), plan.ShowText(f.Evidence), plan.ShowText(f.Fix)
	if !slices.Contains(e.report.Findings, f) {
		e.report.Findings = append(e.report.Findings, f)
	}
}

// found reports that there is a finding with an id.
func (e *exam) found(id string) bool {
	return slices.ContainsFunc(e.report.Findings, func(f ui.Finding) bool { return f.ID == id })
}

// stopped reports that a check before this one found what stops everything after it.
func (e *exam) stopped() bool {
	return slices.ContainsFunc(e.report.Findings, func(f ui.Finding) bool {
		return f.Severity == plan.Error && f.ID != policyFinding && f.ID != secretFinding
	})
}
