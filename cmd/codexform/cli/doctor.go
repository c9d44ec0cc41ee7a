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

` + exitHelp(exitDone, exitChanges, exitUsage),
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
	e.step("secret", func() string { return e.getSecret(ctx) })
	e.step("files", func() string { return e.readHome(ctx) })
	if e.readable {
		e.step("Codex", func() string { return e.askCodex(ctx) })
		e.step("changes", e.compare)
		e.step("settings", e.checkRules)
		e.step("load check", func() string { return e.checkLoad(ctx) })
		e.step("credential", e.checkCredential)
		e.step("certificates", e.checkAuthorities)
		e.step("gateway", func() string { return e.checkGateway(ctx) })
	}
	slices.SortStableFunc(e.report.Findings, func(x, y ui.Finding) int {
		return cmp.Compare(severityRank(x.Severity), severityRank(y.Severity))
	})
	return nil
}

func severityRank(s plan.Severity) int {
	return slices.Index([]plan.Severity{plan.Error, plan.Warning, plan.Info}, s)
}

// skipped begins the detail of a check that was not made.
const skipped = "\x00"

// step makes one check; what it returns is what was seen, or skipped and why not.
func (e *exam) step(name string, check func() string) {
	e.line.show(name)
	before := len(e.report.Findings)
	c := ui.Check{Name: name, Detail: check(), State: ui.Good}
	if len(c.Detail) > 0 && c.Detail[:1] == skipped {
		c.Detail, c.State = c.Detail[1:], ui.Skipped
	}
	worst := len(severityStates)
	for _, f := range e.report.Findings[before:] {
		worst = min(worst, severityRank(f.Severity))
	}
	if worst < len(severityStates) {
		c.State = severityStates[worst]
	}
	e.report.Checks = append(e.report.Checks, c)
}

var severityStates = []ui.State{ui.Broken, ui.Doubted, ui.Noted}

// find adds a finding, once.
func (e *exam) find(f ui.Finding) {
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
