package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan/bounded"
)

// ansibleTask is what Ansible has a binary module read: the task's arguments and how
// to run it.
type ansibleTask struct {
	File      string `json:"file"`
	CodexHome string `json:"codex_home"`
	State     string `json:"state"` // present (default) or absent
	Check     *bool  `json:"_ansible_check_mode"`
	Diff      bool   `json:"_ansible_diff"`
	NoLog     bool   `json:"_ansible_no_log"`
}

// ansibleAnswer is the one JSON object that Ansible reads.
type ansibleAnswer struct {
	Changed bool          `json:"changed"`
	Failed  bool          `json:"failed"`
	Msg     string        `json:"msg"`
	State   string        `json:"state"`
	RC      int           `json:"rc"`
	Diff    []ansibleDiff `json:"diff,omitempty"`
}

type ansibleDiff struct {
	BeforeHeader string `json:"before_header"`
	AfterHeader  string `json:"after_header"`
	Before       string `json:"before"`
	After        string `json:"after"`
}

// maxTask bounds an argument file.
const maxTask = 1 << 20

// ansibleTaskIn reads the task where the program runs as a module of Ansible: its one
// argument is then the absolute path of a file that only Ansible writes so.
func ansibleTaskIn(env Env) (ansibleTask, bool) {
	var t ansibleTask
	if len(env.Args) != 1 || !filepath.IsAbs(env.Args[0]) {
		return t, false
	}
	data, _, err := bounded.File(env.Fs, env.Args[0], maxTask)
	return t, err == nil && json.Unmarshal(data, &t) == nil && t.Check != nil
}

// args is the command that a task means.
func (t ansibleTask) args() []string {
	var args []string
	switch absent := t.State == "absent"; {
	case *t.Check && absent:
		args = []string{"plan", "--destroy", "--detailed-exitcode"}
	case *t.Check:
		args = []string{"plan", "--detailed-exitcode"}
	case absent:
		args = []string{"destroy", "--auto-approve"}
	default:
		args = []string{"apply", "--auto-approve", "--detailed-exitcode"}
	}
	if t.File != "" {
		args = append(args, "-f", t.File)
	}
	if t.CodexHome != "" {
		args = append(args, "--codex-home", t.CodexHome)
	}
	return append(args, "--format", "json")
}

// ansible carries a task out and answers as a module does. Ansible reads failed, so
// the program ends well whenever it could answer.
func ansible(ctx context.Context, env Env, t ansibleTask) int {
	var out bytes.Buffer
	to := env.Stdout
	env.Args, env.Stdout, env.Stderr = t.args(), &out, io.Discard
	env.StdinTerminal, env.StdoutTerminal, env.StderrTerminal = false, false, false
	env.Stdin, env.Pipes = strings.NewReader(""), bounded.NewPipes(ctx, bounded.Wait)
	answer := ansibleAnswer{State: "error:E_POLICY", RC: exitUsage, Failed: true, Msg: "state is present or absent"}
	if slices.Contains([]string{"", "present", "absent"}, t.State) {
		err := newApp(ctx, env).run(ctx)
		answer = t.answer(err, out.Bytes())
	}
	if err := json.NewEncoder(to).Encode(answer); err != nil {
		return exitFailed
	}
	return exitDone
}

// ansibleRun is what the JSON of plan, apply and destroy says, in either of its forms.
type ansibleRun struct {
	Result string
	Files  []ansibleFile
	Plan   struct{ Files []ansibleFile }
	Error  struct{ Message, Hint string }
}

type ansibleFile struct {
	Path    string
	Changes []struct {
		Address, Source string
		Action          string
		Sensitive       bool
		Before, After   json.RawMessage
	}
}

func (t ansibleTask) answer(err error, out []byte) ansibleAnswer {
	var run ansibleRun
	if bad := json.Unmarshal(out, &run); bad != nil && err == nil {
		err = bad
	}
	a := ansibleAnswer{RC: exitCode(err), State: "in_sync"}
	switch {
	case a.RC == exitChanges || err == nil && run.Result == "applied":
		a.Changed, a.RC = true, exitDone
	case err != nil:
		a.Failed, a.State = true, "error:"+string(codeOf(err))
		a.Msg = strings.TrimSuffix(run.Error.Message+"; "+run.Error.Hint, "; ")
	case run.Result == "held":
		a.State = "held"
	}
	if a.Changed && *t.Check {
		a.State = "drift"
	}
	if t.State == "absent" && !a.Failed && !*t.Check {
		a.State = "none"
	}
	if t.Diff && !t.NoLog {
		for _, f := range append(run.Files, run.Plan.Files...) {
			a.Diff = append(a.Diff, f.diff())
		}
	}
	return a
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
