package cli

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/cmd/codexform/users"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/status"
	"github.com/codexform/codexform/sources"
)

// codeOf is the code of an error: one of the closed list that consoles know.
func codeOf(err error) status.Code {
	var refused *apply.ConfirmError
	var rules *apply.DiagnosticError
	switch {
	case as[*bugError](err):
		return status.Bug
	case as[*apply.UndoError](err), as[*commit.StateError](err):
		return status.Undo
	case as[*clockError](err):
		return status.Clock
	case as[*users.AccountError](err):
		return status.Refusal
	case errors.As(err, &rules):
		return ruleCode(rules)
	case as[*parseError](err), as[*usageError](err), as[*sources.UntrustedError](err), len(sources.Problems(err)) > 0:
		return status.Policy
	case as[*sources.Error](err):
		return status.Secret
	case errors.As(err, &refused):
		return classCode(refused.Answer.Class)
	case as[*apply.StaleError](err), as[*commit.ConflictError](err):
		return status.Conflict
	case as[*commit.LockedError](err):
		return status.Lock
	case as[*commit.RefusedError](err):
		return refusalCode(err)
	case as[*codex.FileError](err):
		return status.Damaged
	case errors.Is(err, fs.ErrPermission):
		return status.Permission
	}
	return status.Disk // what is left comes from the file system
}

// refusalCode tells a place that this account has no right to from one that nobody must
// write to.
func refusalCode(err error) status.Code {
	var refused *commit.RefusedError
	if errors.As(err, &refused) && slices.Contains([]commit.Reason{commit.ReasonUnreadable, commit.ReasonReadOnly}, refused.Reason) {
		return status.Permission
	}
	return status.Refusal
}

// ruleCodes are the rules that have a code of their own.
var ruleCodes = []struct {
	rule string
	code status.Code
}{
	{"load-check", status.Load},
	{apply.RuleRefused, status.Refusal},
	{"overridden", status.Overridden},
	{"codex-action", status.Conflict},
	{"policy-writable", status.Policy},
	{"policy-closed", status.Policy},
}

func ruleCode(err *apply.DiagnosticError) status.Code {
	for _, r := range ruleCodes {
		for _, d := range err.Diagnostics {
			if d.Rule == r.rule {
				return r.code
			}
		}
	}
	return status.Rule
}

var classCodes = []struct {
	code    status.Code
	classes []gateway.Class
}{
	{status.Model, []gateway.Class{gateway.ModelMissing}},
	{status.HTTP401, []gateway.Class{gateway.Unauthorized}},
	{status.HTTP403, []gateway.Class{gateway.Forbidden}},
	{status.HTTP404, []gateway.Class{gateway.NotFound}},
	{status.HTTP429, []gateway.Class{gateway.RateLimited}},
	{status.HTTP5XX, []gateway.Class{gateway.GatewayError}},
	{status.NotList, []gateway.Class{gateway.NotAModelList, gateway.TooLarge, gateway.Rejected}},
	{status.Redirect, []gateway.Class{gateway.Redirected}},
	{status.TLS, []gateway.Class{gateway.TLSError}},
	{status.Policy, []gateway.Class{gateway.InvalidURL, gateway.Insecure, gateway.ForbiddenPlace}},
	{status.Conflict, []gateway.Class{gateway.NotAsked, gateway.NoCredential}},
}

// classCode is the code of what a model-list call came to; what is no answer at all is
// the network's.
func classCode(c gateway.Class) status.Code {
	for _, row := range classCodes {
		if slices.Contains(row.classes, c) {
			return row.code
		}
	}
	return status.Net
}

// bugError is what Bug tells of.
type bugError struct{ message string }

func (e *bugError) Error() string { return e.message }

// clockError is a clock that cannot be right.
type clockError struct{ message string }

func (e *clockError) Error() string { return e.message }

// firstLine is an error as one visible line.
func firstLine(err error) string {
	f := failure(err)
	text := f.Message
	if len(f.Problems) > 0 {
		text = f.Problems[0].Message
	}
	line, _, _ := strings.Cut(text, "\n")
	return ui.Visible(line)
}
