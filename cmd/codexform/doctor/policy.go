package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/sources"
)

const (
	policyFinding = "desired-state"
	secretFinding = "secret-source"
)

// policyState is what is known of the desired state.
type policyState struct {
	policy *sources.Policy // nil where there is none, or none that is valid
	wants  plan.Desired    // with its secret, as far as it could be had
}

func (e *exam) releasePolicy() {
	if e.policy != nil {
		e.Release(e.policy)
	}
}

func (e *exam) readPolicy() outcome {
	if len(e.Files) == 0 {
		return skip("there is no " + e.Usual + " here")
	}
	files := strings.Join(e.Files, ", ")
	policy, err := e.Load()
	if err != nil {
		e.findProblems(err)
		return saw(files)
	}
	var untrusted *sources.UntrustedError
	if errors.As(policy.Trusted(), &untrusted) { // none of its programs is run, and no host of its asked
		e.find(ui.Finding{
			Severity: plan.Error, ID: policyFinding, Summary: untrusted.Summary, Fix: untrusted.Fix, Origin: untrusted.Origin,
		})
		e.Release(policy)
		return saw(files)
	}
	e.policy, e.wants = policy, policy.Skip()
	return saw(fmt.Sprintf("%s, settings: %d", files, len(e.wants.Settings)))
}

func (e *exam) findProblems(err error) {
	for _, p := range sources.Problems(err) {
		e.find(ui.Finding{
			Severity: plan.Error, ID: policyFinding, Summary: p.Message, Origin: p.Origin,
			Fix: cmp.Or(p.Fix, "correct it there; `codexform validate` checks it alone"),
		})
	}
}

func (e *exam) getSecret(ctx context.Context) outcome {
	switch {
	case e.policy == nil:
		return skip("no desired state says where it is")
	case e.policy.Source == nil:
		return skip("the desired state names none")
	}
	if e.policy.SingleUse() {
		return skip(e.wants.Secret.Ref + " can be asked once only: that is left to apply")
	}
	at := e.wants.Secret.Origin
	d, warnings, err := e.policy.Resolve(ctx)
	if err != nil {
		e.find(ui.Finding{Severity: plan.Error, ID: secretFinding, Summary: err.Error(), Fix: sourceFix(err), Origin: at})
		return saw(e.wants.Secret.Ref)
	}
	for _, w := range warnings {
		e.find(ui.Finding{Severity: plan.Warning, ID: secretFinding, Summary: w, Fix: "narrow who may read it", Origin: at})
	}
	e.wants = d
	return saw(d.Secret.Ref)
}

func sourceFix(err error) string {
	var e *sources.Error
	if errors.As(err, &e) && e.Hint != "" {
		return e.Hint
	}
	return "see that the source has the key where the desired state looks for it"
}
