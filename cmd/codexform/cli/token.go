package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/stall"
	"github.com/codexform/codexform/sources"
)

func newTokenCommand(a *app) *cobra.Command {
	var o policyOptions
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Print the secret: the program behind delivery: command",
		Long: `Get the secret from its source and print it on stdout, and nothing else. Codex runs
this where the desired state says delivery: command, when it starts and again after
a 401, so no file holds the key. Nothing is kept: each run asks the source anew.

It ends before Codex stops waiting: in 4.5 s, or in nine tenths of the timeout_ms
that the desired state gives the provider's auth table.

` + exitHelp(exitDone, exitUsage, exitSecret),
		Example:           `  codexform token -f /etc/codexform/codex.yaml`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return runToken(cmd.Context(), a, o) },
	}
	o.addTo(cmd)
	return cmd
}

func runToken(ctx context.Context, a *app, o policyOptions) error {
	if a.format != string(ui.Text) {
		a.format = string(ui.Text) // stdout is for the secret alone
		a.view = a.newView()
		return &usageError{err: errors.New("--format: token prints the secret and nothing else")}
	}
	start := time.Now()
	a.env.Pipes.Limit(2 * time.Second)
	stall.Shorten(2 * time.Second)
	policy, err := a.loadTrusted(o)
	if err != nil {
		return err
	}
	if policy.Source == nil {
		return &usageError{err: errors.New("the desired state names no secret: say under secret where it is")}
	}
	limit := tokenLimit(policy.Desired)
	fetchBy := start.Add(limit - limit/tokenReserve)
	a.env.Pipes.Limit(max(0, time.Until(fetchBy)))
	limited, cancel := context.WithDeadline(ctx, fetchBy)
	defer cancel()
	defer a.releaseBy(ctx, start.Add(limit), policy)
	d, _, err := policy.Resolve(limited)
	if err != nil {
		return tokenError(ctx, limited, err, policy.Source.Ref(), limit)
	}
	a.shown.words = nil // a key is printed as it is, whatever is in it
	_, err = a.env.Stdout.Write(append(d.Secret.Value.Reveal(), '\n'))
	return err
}

// releaseBy gives a login back, in the time that is left and no longer: a program
// that does not end has no key for Codex, whatever it has printed. A login that
// outlives this ends by itself.
func (a *app) releaseBy(ctx context.Context, end time.Time, p *sources.Policy) {
	done := make(chan error, 1)
	left := time.NewTimer(time.Until(end))
	defer left.Stop()
	go func() { done <- p.Close(ctx) }()
	var err error
	select {
	case err = <-done:
	case <-left.C:
		err = errors.New("no time was left for it")
	}
	if err != nil {
		a.log.Warn("a login was not given back; it ends by itself", "error", ui.Visible(err.Error()))
	}
}

// tokenReserve is the part of the time that is kept for the end: a program that is slow
// is killed then, with what it has started.
const tokenReserve = 20

// codexWaits is how long Codex waits for the program of an auth table that has no
// timeout_ms (measured with 0.169.0).
const codexWaits = 5 * time.Second

// tokenLimit is the time for everything, login and logout included: a little less
// than Codex waits, so that the reason reaches Codex's log.
func tokenLimit(d plan.Desired) time.Duration {
	waits := codexWaits
	for _, s := range d.Settings {
		if d.Provider != nil && s.Address.Equal(plan.Address{"model_providers", d.Provider.ID, "auth", "timeout_ms"}) && s.Value.Int64() > 0 {
			waits = time.Duration(s.Value.Int64()) * time.Millisecond
		}
	}
	return waits * 9 / 10
}

// tokenError says it was the time, where a source was stopped by it.
func tokenError(ctx, limited context.Context, err error, ref sources.Ref, limit time.Duration) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		return &sources.Error{
			Kind: sources.KindTimeout, Ref: ref, Retryable: true,
			Message: fmt.Sprintf("no secret within %s, and Codex does not wait longer", limit),
			Hint:    "give Codex more time: timeout_ms under settings.model_providers.ID.auth, in milliseconds",
		}
	}
	return err
}
