package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/afero"
	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/cmd/codexform/report"
	"github.com/codexform/codexform/cmd/codexform/ui"
)

// prom is a format that report alone has: of counts, not of a View, so it is no ui.Format.
const prom = "prom"

func newReportCommand(a *app) *cobra.Command {
	var out string
	var metrics bool
	cmd := &cobra.Command{
		Use:   "report PATH...",
		Short: "Make one page of many machines' status.json",
		Long: `Read the status.json files that a carrier has collected, and print one HTML page
that needs nothing beside itself: counts by state, code, policy version and ring,
who needs a person first and why, how far a rollout is and whether to widen it, and
a table of all machines to search, sort and filter.

A PATH is a folder (every *.json below it), a tar file, a file of JSON lines or one
status. A machine is named for its file, or for the folder of its status.json. Of
several statuses of one home the newest counts; what is no status is counted, and
stops nothing. --format json and --format prom print the counts alone.

` + exitHelp(exitDone, exitFailed, exitUsage),
		Example: `  codexform report collected/ --out fleet.html
  codexform report collected.tgz --format json`,
		Args: cobra.MinimumNArgs(1),
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if metrics = a.format == prom; metrics {
				a.format = string(ui.Text)
			}
			return a.begin()
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return runReport(cmd.Context(), a, args, out, metrics)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write it into this file instead of to stdout")
	must(cmd.MarkFlagFilename("out", "html"))
	return cmd
}

// readFleet reads for as long as the run lasts: a fleet's files may be many, and far away.
func readFleet(ctx context.Context, fs afero.Fs, names []string) (report.Fleet, error) {
	type answer struct {
		report.Fleet
		err error
	}
	done := make(chan answer, 1)
	go func() {
		fleet, err := report.Read(fs, names)
		done <- answer{fleet, err}
	}()
	select {
	case <-ctx.Done():
		return report.Fleet{}, ctx.Err()
	case got := <-done:
		if got.err != nil {
			return report.Fleet{}, &usageError{got.err}
		}
		return got.Fleet, nil
	}
}

func runReport(ctx context.Context, a *app, names []string, out string, metrics bool) error {
	fleet, err := readFleet(ctx, a.env.Fs, names)
	if err != nil {
		return err
	}
	if len(fleet.Machines) == 0 {
		return &usageError{fmt.Errorf("there is no status.json in %s: codexform status --record writes one on each machine", ui.Visible(strings.Join(names, ", ")))}
	}
	report.Sort(fleet.Machines)
	now := a.env.Now()
	summary := report.Summarize(fleet, now)
	var page []byte
	switch {
	case metrics:
		page = report.Prometheus(summary)
	case a.format == string(ui.JSON):
		if page, err = json.MarshalIndent(summary, "", "  "); err != nil {
			return err
		}
		page = append(page, '\n')
	default:
		page = report.HTML(fleet, summary, now, a.env.Build.Version)
	}
	if out != "" {
		return commit.WriteUserFile(out, page, fs.FileMode(0o644), true)
	}
	_, err = io.WriteString(a.env.Stdout, ui.InertDocument(string(page)))
	return err
}
