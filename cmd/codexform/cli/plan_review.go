package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/sources"
)

// starting is the state that a simulated plan starts from: the copies of --against,
// or what the desired state of --base would make of them or of the home.
func (a *app) starting(ctx context.Context, look apply.Options, o planOptions) (*codex.Snapshot, error) {
	home, system := look.Home, look.Desired.System || a.isSystem(look.Home)
	if o.against != "" {
		if info, err := a.env.Fs.Stat(home); err != nil || !info.IsDir() {
			return nil, &usageError{fmt.Errorf("--against %s: there is no such folder", o.against)}
		}
	}
	now, err := a.readIn(home, system)
	if err != nil || len(o.base) == 0 {
		return &now, err
	}
	if len(now.Observed.Ledger.FingerprintKey) == 0 {
		now.Observed.Ledger.FingerprintKey = []byte("of a home that is not there")
	}
	if o.baseNone() {
		now.Observed.Ledger.Facts = []plan.Fact{}
		return &now, nil
	}
	base, err := a.loadForReview(policyOptions{files: o.base})
	if err != nil {
		return nil, &baseError{err}
	}
	defer a.release(ctx, base)
	return a.played(now, look.Repair(ctx, standIn(base.Desired), now.Observed))
}

// noBase is --base where there was no policy before.
const noBase = "none"

func (o planOptions) baseNone() bool { return len(o.base) == 1 && o.base[0] == noBase }

// baseError is a base that cannot be read: nothing is wrong with the policy at hand.
type baseError struct{ err error }

func (e *baseError) Error() string { return "the base: " + e.err.Error() }

// message says what is wrong with the base, but not in which file: that is often a
// copy in a folder that is gone tomorrow.
func (e *baseError) message() string {
	problems := sources.Problems(e.err)
	if len(problems) == 0 {
		return e.Error()
	}
	first := problems[0]
	at := ""
	if first.Origin.Line > 1 || first.Origin.Column > 1 {
		at = fmt.Sprintf(" at line %d, column %d", first.Origin.Line, first.Origin.Column)
	}
	return fmt.Sprintf("the base cannot be read%s: %s", at, first.Message)
}

func (e *baseError) Unwrap() error { return e.err }

// played is a home after an apply that was never made.
func (a *app) played(s codex.Snapshot, d plan.Desired) (*codex.Snapshot, error) {
	p := plan.Make(d, s.Observed)
	after, err := s.Render(p, a.env.Now())
	if err != nil {
		return nil, err
	}
	after.Ledger.Policy = plan.Policy{} // the base is the same policy, at another time
	after.Ledger.FingerprintKey = s.Observed.Ledger.FingerprintKey
	ledger, err := codex.EncodeLedger(after.Ledger)
	if err != nil {
		return nil, err
	}
	if s.Observed.System {
		s, err = new(codex.Decoder).DecodeSystem(s.Home, after.Config, after.Pins, ledger)
		return &s, err
	}
	s, err = codex.Decode(s.Home, after.Config, after.Auth, ledger)
	return &s, err
}

// standIn gives a desired state a key that is none: two policies have the same one
// when they name the same secret. It is for comparing policies, not for a disk.
func standIn(d plan.Desired) plan.Desired {
	d = somewhere(d)
	if d.Secret == nil {
		return d
	}
	secret := *d.Secret
	sum := sha256.Sum256([]byte(secret.Ref + " " + secret.Pinned))
	secret.Value = plan.NewSecret([]byte("stand-in-" + hex.EncodeToString(sum[:])))
	secret.Version = secret.Pinned
	d.Secret = &secret
	return d
}

// thePolicy stands for the place of a policy's file on the machines that follow it, which
// nobody knows who compares two of them: one lies here, and one in a copy.
const thePolicy = "(this policy)"

// somewhere is a desired state as machines follow it, wherever its files lie there.
func somewhere(d plan.Desired) plan.Desired {
	if d.Provider == nil || d.Delivery != plan.DeliveryCommand {
		return d
	}
	args := plan.Address{"model_providers", d.Provider.ID, "auth", "args"}
	d.Settings, d.Pins = slices.Clone(d.Settings), slices.Clone(d.Pins)
	for _, settings := range [][]plan.Setting{d.Settings, d.Pins} {
		for i, s := range settings {
			if s.Address.Equal(args) {
				settings[i].Value = plan.List(helperArgs(s.Value.Items())...)
			}
		}
	}
	return d
}

// helperArgs are the arguments of the helper with no place of a file in them.
func helperArgs(args []plan.Value) []plan.Value {
	out := slices.Clone(args)
	for i, arg := range out {
		if arg.Text() == "-f" && i+1 < len(out) {
			out[i+1] = plan.Str(thePolicy)
		}
	}
	return out
}

// store keeps a plan for show and apply. It holds no secret, but it says what is
// in somebody's files, so only they may read it.
func (a *app) store(p plan.Plan, name string) error {
	p.Desired.Files = slices.Clone(p.Desired.Files)
	for i, file := range p.Desired.Files {
		if file == "-" {
			return &usageError{fmt.Errorf("--out: a plan of a desired state from stdin cannot be applied later; give a file")}
		}
		if abs, err := filepath.Abs(file); err == nil {
			p.Desired.Files[i] = abs
		}
	}
	p.Home = a.shown.text(p.Home)
	stored := p.Document(a.env.Build.Version, a.env.Now())
	stored.KeepExact()
	doc, err := json.MarshalIndent(stored, "", "  ")
	if err != nil {
		return err
	}
	return commit.WriteUserFile(name, append(doc, '\n'), fs.FileMode(0o600), true)
}
