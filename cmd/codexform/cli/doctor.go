package cli

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
)

// doctorLimit bounds one examination.
const doctorLimit = 90 * time.Second

type doctorOptions struct {
	lookOptions
}

func newDoctorCommand(a *app) *cobra.Command {
	var o doctorOptions
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look for everything that can stop the setup",
		Long: `Look at the desired state, its secret, the files of the Codex home, the installed
Codex, what Codex makes of its settings, the credential that it would send, and the
gateway, in one run. Each finding says what was seen and what to do. Nothing is
written. Without a codex.yaml it looks at what is on the disk.

docs/reference/doctor.md lists the findings.

` + exitHelpWith("something keeps this setup from working", exitDone, exitChanges, exitUsage),
		Example: `  codexform doctor
  codexform doctor --format json`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.missingDefault(o.policyOptions) {
				o.files = nil
			}
			return runDoctor(cmd.Context(), a, o)
		},
	}
	o.addTo(cmd)
	return cmd
}

func runDoctor(ctx context.Context, a *app, o doctorOptions) error {
	limited, cancel := context.WithTimeout(ctx, doctorLimit)
	defer cancel()
	e := &exam{app: a, options: o}
	err := e.examine(limited)
	if err = cmp.Or(ctx.Err(), err); err != nil {
		return err
	}
	a.line.clear()
	a.view.Doctor(e.report)
	a.examined(e.report)
	if !e.report.Healthy() {
		return said(errChanges)
	}
	return nil
}

// exam is one examination. Each step adds to the report, and leaves for the next
// ones what it has learned.
type exam struct {
	*app
	options doctorOptions
	report  ui.Report

	policyState
	homeState
	codexState
}

// examine takes the steps in the order in which a fault in one makes the next ones
// worthless. An error is a wrong command line.
func (e *exam) examine(ctx context.Context) error {
	var err error
	if e.installed, err = e.options.installed(); err != nil {
		return err
	}
	defer e.releasePolicy()
	e.step("desired state", e.readPolicy)
	e.step("secret", func() outcome { return e.getSecret(ctx) })
	e.step("files", func() outcome { return e.readHome(ctx) })
	if e.readable {
		e.step("Codex", func() outcome { return e.askCodex(ctx) })
		e.step("changes", e.compare)
		e.step("settings", e.checkRules)
		e.step("load check", func() outcome { return e.checkLoad(ctx) })
		e.step("credential", e.checkCredential)
		e.step("certificates", e.checkAuthorities)
		e.step("gateway", func() outcome { return e.checkGateway(ctx) })
	}
	slices.SortStableFunc(e.report.Findings, func(x, y ui.Finding) int {
		return cmp.Compare(x.Severity.Rank(), y.Severity.Rank())
	})
	return nil
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
	e.line.show(name)
	before := len(e.report.Findings)
	got := check()
	c := ui.Check{Name: name, Detail: got.seen, State: ui.Good}
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
