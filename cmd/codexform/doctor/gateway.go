package doctor

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// checkGateway asks for the models as Codex would: first with what would be in place
// after an apply, then, where that differs, with what is there now.
func (e *exam) checkGateway(ctx context.Context) outcome {
	then := e.accessThen()
	if e.wants.Provider == nil {
		then = e.accessNow() // what a plan brings together without naming a provider is not to be tried
	}
	if e.strange(then) {
		return saw("not asked: " + then.ModelsURL())
	}
	if why := e.unaskable(then); why != "" {
		e.leftOver(plan.Warning, "")
		return skip(why)
	}
	answer := e.ask(ctx, then)
	e.checkClock(answer)
	if !answer.OK() {
		e.findAnswer(answer, then)
		return saw(answer.URL)
	}
	seen := fmt.Sprintf("%s, models listed: %d", answer.URL, answer.Listed)
	if !e.rewired || e.found(notAppliedFinding) {
		e.leftOver(plan.Warning, "")
		return saw(seen)
	}
	if now := e.ask(ctx, e.accessNow()); now.OK() {
		e.leftOver(plan.Warning, "")
	} else {
		e.leftOver(plan.Error, fmt.Sprintf("with what is there now, %s: %s", now.URL, now.Detail))
	}
	return saw(seen)
}

// strange finds a key that would meet a host that it is not for.
func (e *exam) strange(a codex.Access) bool {
	if e.stopped() && !e.found(notAppliedFinding) || e.found(policyFinding) || !e.confirms() || e.rewired && !e.todo.Complete() {
		return false
	}
	permit := e.permit(a)
	if e.wants.Provider == nil {
		permit = codex.MaySend(plan.Desired{}, e.snapshot.Observed.Ledger, a) // a credential of the user's own is no fault
	}
	if permit.Refusal() == "" && e.ledElsewhere() {
		permit = e.permit(e.accessNow())
	}
	if permit.Refusal() == "" {
		return false
	}
	e.find(ui.Finding{
		Severity: plan.Error, ID: gatewayFinding(gateway.NotAsked), Summary: gatewayFault(gateway.NotAsked),
		Evidence: permit.Refusal(), Fix: cmp.Or(permit.Fix(), gatewayFaults[gateway.NotAsked].fix),
	})
	e.leftOver(plan.Warning, "")
	return true
}

// ledElsewhere reports a home that leads Codex to another host than the desired state's, or
// to none any more. What is asked about is what is there; what an apply would bring is the
// apply's to try. Where nobody has set anything up there is nothing to ask about, and the
// desired state's own pair is tried.
func (e *exam) ledElsewhere() bool {
	if e.wants.Provider == nil || !e.rewired {
		return false
	}
	now := e.accessNow()
	fresh := len(e.snapshot.Observed.Ledger.Entries) == 0 && (openAI(now) || now.Origin() == "")
	return !fresh && now.Origin() != plan.HostOf(e.wants.Provider.BaseURL)
}

// confirms reports that nobody has switched the confirmation off.
func (e *exam) confirms() bool { return e.wants.Provider == nil || e.wants.Confirm.Enabled }

// permit asks whether what an access would send may be sent.
func (e *exam) permit(a codex.Access) codex.Permit {
	return codex.MaySend(e.wants, e.snapshot.Observed.Ledger, a)
}

// unaskable says why there is nobody to ask, "" when there is.
func (e *exam) unaskable(a codex.Access) string {
	switch {
	case e.stopped() && !e.found(notAppliedFinding):
		return "something else comes first"
	case e.found(policyFinding):
		return "the desired state comes first"
	case openAI(a):
		return "Codex talks to OpenAI itself"
	case !e.confirms():
		return "confirm.enabled is false"
	case e.wants.Provider == nil && e.permit(a).Refusal() != "":
		return e.permit(a).Refusal()
	case a.Command != nil && !e.key().Known():
		return "Codex gets the key from a command, and no desired state says from where"
	case e.rewired && !e.todo.Complete():
		return "the key is not known"
	}
	return ""
}

// openAI reports a provider that is OpenAI itself.
func openAI(a codex.Access) bool {
	u, err := url.Parse(a.BaseURL)
	return err == nil && (u.Hostname() == "api.openai.com" || strings.HasSuffix(u.Hostname(), ".openai.com"))
}

// key is what a command or a variable of another environment would give Codex.
func (e *exam) key() plan.Secret {
	if e.wants.Secret == nil || e.wants.Delivery == plan.DeliveryAuthJSON {
		return plan.Secret{}
	}
	return e.wants.Secret.Value
}

func (e *exam) ask(ctx context.Context, a codex.Access) gateway.Answer {
	wanted := plan.Confirm{Models: codex.NamedModels(e.after.Root)}
	if e.policy != nil && e.wants.Provider != nil {
		wanted = e.wants.Confirm
	}
	return apply.Confirm(ctx, e.gateway(), e.permit(a), wanted)
}

// maxSkew is how far the clocks of two computers may be apart unnoticed.
const maxSkew = 5 * time.Minute

// checkClock compares our clock with the gateway's.
func (e *exam) checkClock(a gateway.Answer) {
	skew := e.Now().Sub(a.Date)
	if a.Date.IsZero() || skew.Abs() <= maxSkew {
		return
	}
	e.find(ui.Finding{
		Severity: plan.Warning, ID: "clock-skew",
		Summary:  "this computer's clock and the gateway's are far apart: logins and certificates fail over it",
		Evidence: fmt.Sprintf("here it is %s, there %s", clock(e.Now()), clock(a.Date)), Fix: "set the clock, or let NTP do it",
	})
}

func clock(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// findAnswer turns an answer that is no into a finding.
func (e *exam) findAnswer(a gateway.Answer, access codex.Access) {
	seen := a.Detail
	if code := strconv.Itoa(a.Status); a.Status != 0 && !strings.HasPrefix(seen, code) {
		seen = code + ", " + seen
	}
	f := ui.Finding{
		Severity: plan.Error, ID: gatewayFinding(a.Class),
		Summary:  gatewayFault(a.Class),
		Evidence: fmt.Sprintf("GET %s with the key from %s: %s", a.URL, access.Credential, strings.TrimSuffix(seen, ", ")),
		Fix:      gatewayFix(a),
	}
	e.find(f)
	e.leftOver(plan.Warning, "")
}

const notAppliedFinding = "not-applied"

// leftOver says once that changes wait, where any do.
func (e *exam) leftOver(s plan.Severity, seen string) {
	if e.waiting && !e.found(notAppliedFinding) {
		e.notApplied(s, seen)
	}
}

// notApplied says that the home is not as the desired state wants it.
func (e *exam) notApplied(s plan.Severity, seen string) {
	var names []string
	for _, a := range changed(e.todo) {
		names = append(names, a.String())
	}
	if len(names) > 6 {
		names = append(names[:5], fmt.Sprintf("%d more", len(names)-5))
	}
	evidence := strings.Join(names, ", ")
	if evidence == "" {
		evidence = "the mode of a file"
	}
	if seen != "" {
		evidence += "; " + seen
	}
	e.find(ui.Finding{
		Severity: s, ID: notAppliedFinding, Summary: "the home is not as the desired state wants it: " + changesText(e.todo),
		Evidence: evidence, Fix: "look at `codexform plan`, then run `codexform apply`",
	})
}
