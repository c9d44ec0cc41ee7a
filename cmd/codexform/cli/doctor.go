package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/cmd/codexform/doctor"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/sources"
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

  ok        looked at, and right        warning  worth a look, stops nothing
  error     keeps it from working       skipped  could not be looked at, and why

docs/reference/doctor.md lists the findings.

` + exitHelpWith(map[int]string{exitChanges: "findings: something keeps this setup from working"}, exitDone, exitChanges, exitUsage),
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
	installed, err := o.installed()
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, doctorLimit)
	defer cancel()
	report := doctor.Examine(limited, a.doctorCase(ctx, o, installed))
	if err := ctx.Err(); err != nil {
		return err
	}
	a.line.clear()
	a.view.Doctor(report)
	a.examined(report)
	if !report.Healthy() {
		return said(errChanges)
	}
	return nil
}

// doctorCase is what doctor examines, in the ways of the other commands.
func (a *app) doctorCase(ctx context.Context, o doctorOptions, i *installed) doctor.Case {
	i.thorough = true
	return doctor.Case{
		World: a.env.World, Now: a.env.Now, ForRoot: a.env.UID == "0" || a.errand != nil || doctor.Elevated(),

		Files: o.files, Usual: defaultFile, Release: func(p *sources.Policy) { a.release(ctx, p) },
		Load: func() (*sources.Policy, error) { return a.load(o.policyOptions) },

		FindHome: func(p *sources.Policy) (string, error) { return a.findHome(o.homeOptions, p) },
		Look:     func(home string) apply.Options { return a.looking(home, nil, i) },

		Binary: i.binary,
		CodexVersion: func(ctx context.Context) codex.Version {
			i.askVersion(ctx)
			return i.version
		},
		Layers: a.otherLayers, Access: a.accessAt, Checked: a.checked, Rules: i.check,

		Copies: func() []string { return copies(a.env) }, People: a.people(),

		Gateway: a.gateway, Step: a.line.show,
	}
}
