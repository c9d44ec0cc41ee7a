package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan/bounded"
)

// ansibleTask is what Ansible has a binary module read: the task's arguments and how
// to run it.
type ansibleTask struct {
	File      string      `json:"file"`
	Policy    ansibleText `json:"policy"`  // its text, where the host has no file of it yet
	Secrets   string      `json:"secrets"` // resolve (default) or skip, in check mode
	CodexHome string      `json:"codex_home"`
	State     string      `json:"state"` // present (default) or absent
	Users     ansibleList `json:"users"` // as root: those whose homes are meant
	AllUsers  ansibleBool `json:"all_users"`
	Check     *bool       `json:"_ansible_check_mode"`
	Diff      bool        `json:"_ansible_diff"`
	NoLog     bool        `json:"_ansible_no_log"`

	fault string // what makes it no task that we know
}

// ansibleArguments are those that a playbook may give, as the module's own words.
var ansibleArguments = []string{"all_users", "codex_home", "file", "policy", "secrets", "state", "users"}

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
	var fields map[string]json.RawMessage
	if err != nil || json.Unmarshal(data, &fields) != nil {
		return t, false
	}
	if json.Unmarshal(fields["_ansible_check_mode"], &t.Check) != nil || t.Check == nil {
		return t, false
	}
	t.fault = ansibleFault(fields, json.Unmarshal(data, &t))
	if t.fault == "" {
		t.fault = t.misused()
	}
	return t, true
}

// ansibleFault says what is wrong with a task: a name or a type that we do not know.
func ansibleFault(fields map[string]json.RawMessage, err error) string {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !strings.HasPrefix(name, "_ansible_") && !slices.Contains(ansibleArguments, name) {
			return ui.Visible(name) + ": unknown argument: there are " + strings.Join(ansibleArguments, ", ")
		}
	}
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		return wrong.Field + ": " + wrong.Value + " is not what this argument takes"
	}
	if err != nil {
		return "the arguments could not be read: " + err.Error()
	}
	return ""
}

// misused says which values do not go, or not together.
func (t ansibleTask) misused() string {
	switch {
	case !slices.Contains([]string{"", "present", "absent"}, t.State):
		return "state: " + ui.Visible(t.State) + " is not present or absent"
	case !slices.Contains([]string{"", "resolve", "skip"}, t.Secrets):
		return "secrets: " + ui.Visible(t.Secrets) + " is not resolve or skip"
	case t.Policy != "" && t.File != "":
		return "policy and file: give one of them"
	}
	return ""
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
	if *t.Check && t.Secrets != "" {
		args = append(args, "--secrets="+t.Secrets)
	}
	if t.Policy != "" {
		args = append(args, "--file=-")
	}
	if t.File != "" {
		args = append(args, "--file="+t.File)
	}
	if t.CodexHome != "" {
		args = append(args, "--codex-home="+t.CodexHome)
	}
	for _, name := range t.Users {
		args = append(args, "--user="+name)
	}
	if t.AllUsers {
		args = append(args, "--all-users")
	}
	return append(args, "--format=json")
}

// ansible carries a task out and answers as a module does. Ansible reads failed, so
// the program ends well whenever it could answer.
func ansible(ctx context.Context, env Env, t ansibleTask) int {
	answer := ansibleAnswer{State: "error:E_POLICY", RC: exitUsage, Failed: true, Msg: t.fault}
	if t.fault == "" {
		answer = t.run(ctx, env)
	}
	if err := json.NewEncoder(env.Stdout).Encode(answer); err != nil {
		return exitFailed
	}
	return exitDone
}

func (t ansibleTask) run(ctx context.Context, env Env) ansibleAnswer {
	var out bytes.Buffer
	env.Args, env.Stdout, env.Stderr = t.args(), &out, io.Discard
	env.StdinTerminal, env.StdoutTerminal, env.StderrTerminal = false, false, false
	env.Stdin, env.Pipes = strings.NewReader(string(t.Policy)), bounded.NewPipes(ctx, bounded.Wait)
	err := newApp(ctx, env).run(ctx)
	return t.answer(err, out.Bytes())
}
