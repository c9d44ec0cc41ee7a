package cli

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan/status"
)

// ansibleAnswer is the one JSON object that Ansible reads.
type ansibleAnswer struct {
	Changed  bool              `json:"changed"`
	Failed   bool              `json:"failed"`
	Msg      string            `json:"msg"`
	State    string            `json:"state"`
	RC       int               `json:"rc"`
	Users    map[string]string `json:"users,omitempty"` // of several users, what came of each
	Warnings []string          `json:"warnings,omitempty"`
	Diff     []ansibleDiff     `json:"diff,omitempty"`
}

type ansibleDiff struct {
	BeforeHeader string `json:"before_header"`
	AfterHeader  string `json:"after_header"`
	Before       string `json:"before"`
	After        string `json:"after"`
}

// ansibleRun is what the JSON of plan, apply and destroy says, in either of its forms,
// and for each user what it says of that one.
type ansibleRun struct {
	Result      string
	Files       []ansibleFile
	Diagnostics []ansibleFinding
	Plan        struct {
		Files       []ansibleFile
		Diagnostics []ansibleFinding
		Held        *ansibleHeld
	}
	Held  *ansibleHeld
	Error struct {
		Message, Hint string
		Problems      []struct{ Origin, Message, Fix string }
	}

	Users         []json.RawMessage
	User, Skipped string
	Exit          int
	Code          status.Code
}

// ansibleHeld is why a rollout keeps the machine as it is.
type ansibleHeld struct{ Reason string }

type ansibleFinding struct{ Severity, Rule, Summary string }

type ansibleFile struct {
	Path    string
	Changes []struct {
		Address, Source string
		Action          string
		Sensitive       bool
		Before, After   json.RawMessage
	}
}

// answer is what a run came to, for one home or for several users.
func (t ansibleTask) answer(err error, out []byte) ansibleAnswer {
	var run ansibleRun
	if bad := json.Unmarshal(out, &run); bad != nil && err == nil {
		err = bad
	}
	if len(run.Users) == 0 {
		run.Exit = exitCode(err)
		if err != nil {
			run.Code = codeOf(err)
		}
		return t.judge(run)
	}
	all := ansibleAnswer{Users: map[string]string{}, State: string(status.InSync)}
	var states []status.Status
	for _, document := range run.Users {
		var one ansibleRun
		if json.Unmarshal(document, &one) != nil {
			one.Exit, one.Code = exitBug, status.Bug
		}
		a := t.judge(one)
		all.add(one.User, a)
		if one.Skipped == "" {
			states = append(states, a.status())
		}
	}
	if worst, ok := status.Worst(states); ok {
		all.State = worst.Word()
	} else {
		all.State = string(status.Skipped)
	}
	return all
}

// add takes in what came of one user.
func (a *ansibleAnswer) add(user string, one ansibleAnswer) {
	a.Changed, a.Failed = a.Changed || one.Changed, a.Failed || one.Failed
	if i := slices.Index(exitOrder, one.RC); i >= 0 && (a.RC == exitDone || i < slices.Index(exitOrder, a.RC)) {
		a.RC = one.RC
	}
	a.Users[user] = one.State
	if one.Msg != "" {
		a.Msg = strings.TrimPrefix(a.Msg+"; "+user+": "+one.Msg, "; ")
	}
	for _, w := range one.Warnings {
		if !slices.Contains(a.Warnings, w) {
			a.Warnings = append(a.Warnings, w)
		}
	}
	for _, d := range one.Diff {
		d.BeforeHeader, d.AfterHeader = user+": "+d.BeforeHeader, user+": "+d.AfterHeader
		a.Diff = append(a.Diff, d)
	}
}

// status is an answer's state as a status has it.
func (a ansibleAnswer) status() status.Status {
	state, code, _ := strings.Cut(a.State, ":")
	return status.Status{State: status.State(state), Code: status.Code(code)}
}

// judge says of one home what Ansible wants to know.
func (t ansibleTask) judge(run ansibleRun) ansibleAnswer {
	a := ansibleAnswer{RC: run.Exit, State: string(status.InSync)}
	switch {
	case run.Skipped != "":
		a.State, a.Msg = string(status.Skipped), run.Skipped
		return a
	case run.held() != "" && (run.Exit == exitDone || run.Exit == exitChanges):
		return ansibleAnswer{State: string(status.Held), Msg: run.held()}
	case run.Exit == exitChanges || run.Exit == exitDone && run.Result == "applied":
		a.Changed, a.RC = true, exitDone
	case run.Exit != exitDone:
		a.Failed, a.State = true, "error:"+string(run.Code)
		a.Msg = run.said()
	}
	switch {
	case a.Changed && bool(t.Check):
		a.State = string(status.Drift)
	case t.State == "absent" && !a.Failed:
		a.State = string(status.None)
	}
	for _, f := range append(run.Diagnostics, run.Plan.Diagnostics...) {
		if f.Severity == "review" {
			a.Warnings = append(a.Warnings, f.Rule+": "+f.Summary)
		}
	}
	if bool(t.Diff) && !bool(t.NoLog) {
		for _, f := range append(run.Files, run.Plan.Files...) {
			if len(f.Changes) > 0 {
				a.Diff = append(a.Diff, f.diff())
			}
		}
	}
	return a
}

// held is why a rollout keeps this home as it is, "" where none does: what is held does not
// change, whether the task is a check or not.
func (r ansibleRun) held() string {
	for _, h := range []*ansibleHeld{r.Held, r.Plan.Held} {
		if h != nil {
			return h.Reason
		}
	}
	return ""
}

// said is what a run says of its failure, on one line.
func (r ansibleRun) said() string {
	words := []string{r.Error.Message, r.Error.Hint}
	for _, p := range r.Error.Problems {
		origin := strings.Replace(p.Origin, "<stdin>", "policy", 1)
		words = append(words, strings.TrimPrefix(origin+": "+p.Message, ": "), p.Fix)
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), "; ")
}

// diff shows a file's changes key by key; a secret by its source alone.
func (f ansibleFile) diff() ansibleDiff {
	d := ansibleDiff{BeforeHeader: f.Path, AfterHeader: f.Path}
	for _, c := range f.Changes {
		before, after := string(c.Before), string(c.After)
		if c.Sensitive {
			before, after = "(secret)", "(secret, from "+c.Source+")"
		}
		if c.Action != "create" && c.Action != "noop" {
			d.Before += c.Address + " = " + before + "\n"
		}
		if c.Action == "create" || c.Action == "update" {
			d.After += c.Address + " = " + after + "\n"
		}
	}
	return d
}
