package cli

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
)

// logOptions are the flags of the log, which is off unless somebody wants it: the
// answer is for people, the log for those who run many machines.
type logOptions struct {
	level, format, file string
}

var logLevels = []string{"off", "error", "warn", "info", "debug"}

func (o *logOptions) addTo(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&o.level, "log-level", "off", "what to log on stderr: "+either(logLevels))
	flags.StringVar(&o.format, "log-format", "text", "how to log: text or json")
	flags.StringVar(&o.file, "log-file", "", "append the log to this file, and what a --contract keeps off stderr (default: stderr; under such a contract the system's own log)")
	must(root.MarkPersistentFlagFilename("log-file"))
	complete(root, "log-level", logLevels...)
	complete(root, "log-format", "text", "json")
}

// logger is the log that the flags ask for.
func (a *app) logger() (*slog.Logger, error) {
	if a.logging.level == "off" {
		return slog.New(slog.DiscardHandler), nil
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(a.logging.level)); err != nil {
		return nil, fmt.Errorf("--log-level %q: it is %s", a.logging.level, either(logLevels))
	}
	o := &slog.HandlerOptions{Level: level}
	to := a.env.Stderr
	if a.logging.file != "" {
		f, err := commit.AppendUserFile(a.logging.file)
		if err != nil {
			return nil, fmt.Errorf("--log-file: %w", err)
		}
		to = &shownWriter{f, a.shown} // open until the program ends
	}
	switch a.logging.format {
	case "text":
		return slog.New(slog.NewTextHandler(ui.Inert(to), o)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(ui.Inert(to), o)), nil
	}
	return nil, fmt.Errorf("--log-format %q: it is text or json", a.logging.format)
}

// logPlan logs what a plan found: counts, and each change by its address. Values
// stay out of the log.
func (a *app) logPlan(p plan.Plan) {
	a.planLogged = true
	if !a.log.Enabled(context.Background(), slog.LevelInfo) {
		return
	}
	s := p.Summary()
	a.log.Info("planned", "home", ui.Visible(p.Home), "create", s.Create, "update", s.Update, "delete", s.Delete,
		"noop", s.NoOp, "drift", s.Drift, "released", s.Released, "unmanaged", p.Unmanaged)
	for _, f := range p.Files {
		for _, c := range f.Changes {
			a.log.Debug("change", "file", f.Path, "address", ui.Visible(c.Address.String()), "action", c.Action, "drift", c.Drift)
		}
	}
	for _, d := range p.Diagnostics {
		a.log.Debug("finding", "rule", d.Rule, "severity", d.Severity, "origin", d.Origin)
	}
}

// logAsked logs an answer of the gateway when it comes: before anything is written, and
// once more about what was written.
func (a *app) logAsked(c gateway.Answer, credential string) {
	a.log.Info("asked", "url", ui.Visible(c.URL), "class", c.Class, "status", c.Status, "attempts", c.Attempts,
		"elapsed", took(c.Elapsed), "credential", credential)
}

// logApply logs what became of an apply.
func (a *app) logApply(r apply.Result, err error) {
	if !a.planLogged { // else it was, before anything was written
		a.logPlan(r.Plan)
	}
	for _, note := range r.Notes {
		a.log.Warn("note", "text", ui.Visible(note))
	}
	if err != nil {
		a.log.Error("failed", "outcome", r.Outcome, "exit", exitCode(err), "error", ui.Visible(err.Error()))
		return
	}
	a.log.Info("done", "outcome", r.Outcome, "elapsed", took(r.Elapsed))
}

// took is a time with its unit, in JSON too.
func took(d time.Duration) string { return d.Round(10 * time.Microsecond).String() }
