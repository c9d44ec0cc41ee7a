package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	Policy    ansibleText `json:"policy"`  // its text, where the host has no file of it yet; with File, what will be there
	Secrets   string      `json:"secrets"` // resolve (default) or skip, in check mode
	CodexHome string      `json:"codex_home"`
	State     string      `json:"state"` // present (default) or absent
	Users     ansibleList `json:"users"` // as root: those whose homes are meant
	AllUsers  ansibleBool `json:"all_users"`
	Check     ansibleBool `json:"_ansible_check_mode"`
	Diff      ansibleBool `json:"_ansible_diff"`
	NoLog     ansibleBool `json:"_ansible_no_log"`

	fault string // what makes it no task that we know
}

// ansibleArguments are those that a playbook may give, as the module's own words.
var ansibleArguments = []string{"all_users", "codex_home", "file", "policy", "secrets", "state", "users"}

// maxTask bounds an argument file.
const maxTask = 1 << 20

// ansibleTaskIn reads the task where the program runs as a module of Ansible: its one
// argument is then the absolute path of a file that only Ansible writes so.
func ansibleTaskIn(env Env) (ansibleTask, bool) {
	if len(env.Args) != 1 || !filepath.IsAbs(env.Args[0]) {
		return ansibleTask{}, false
	}
	data, _, err := bounded.File(env.Fs, env.Args[0], maxTask)
	var fields map[string]json.RawMessage
	if err != nil || json.Unmarshal(data, &fields) != nil {
		return ansibleTask{}, false
	}
	names := slices.Sorted(maps.Keys(fields))
	if !slices.ContainsFunc(names, ansibleOwn) {
		return ansibleTask{}, false
	}
	t := ansibleTask{}
	t.fault = cmp.Or(ansibleFault(names), t.take(fields, names), t.misused(fields))
	t.File, t.CodexHome = fromHome(env, t.File), fromHome(env, t.CodexHome)
	return t, true
}

// fromHome is a path in which ~ stands for the home of the user, as everywhere in Ansible.
func fromHome(env Env, path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok && env.Home != "" {
		return filepath.Join(env.Home, rest)
	}
	return path
}

// ansibleOwn reports a name that Ansible puts beside a task's own arguments.
func ansibleOwn(name string) bool { return strings.HasPrefix(name, "_ansible_") }

// ansibleFault says which name of a task we do not know.
func ansibleFault(names []string) string {
	for _, name := range names {
		if !ansibleOwn(name) && !slices.Contains(ansibleArguments, name) {
			return ui.Visible(name) + ": unknown argument: there are " + strings.Join(ansibleArguments, ", ")
		}
	}
	return ""
}

// take reads one field after the other, and says of which the value is none.
func (t *ansibleTask) take(fields map[string]json.RawMessage, names []string) string {
	for _, name := range names {
		one, _ := json.Marshal(map[string]json.RawMessage{name: fields[name]})
		err := json.Unmarshal(one, t)
		if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
			return name + ": " + wrong.Value + " is not what this argument takes"
		}
		if err != nil {
			return name + ": " + err.Error()
		}
	}
	return ""
}

// misused says which values do not go, or not together. An argument that is given and
// empty is a variable that nobody set: what stands in its place without it is not meant.
func (t ansibleTask) misused(fields map[string]json.RawMessage) string {
	for _, name := range ansibleArguments {
		if slices.Contains([]string{`""`, `[]`, `{}`}, string(fields[name])) {
			return name + ": is empty: give a value, or leave it out"
		}
	}
	switch {
	case !slices.Contains([]string{"", "present", "absent"}, t.State):
		return "state: " + ui.Visible(t.State) + " is not present or absent"
	case !slices.Contains([]string{"", "resolve", "skip"}, t.Secrets):
		return "secrets: " + ui.Visible(t.Secrets) + " is not resolve or skip"
	case t.State != "absent" && t.Policy == "" && t.File == "":
		return "policy or file: one of them is needed"
	case t.File == "-":
		return "file: - is not a file of the host: policy takes the text itself"
	case len(t.Users) > 0 && bool(t.AllUsers):
		return "users and all_users: give one of them"
	case t.CodexHome != "" && (bool(t.AllUsers) || len(t.Users) > 1):
		return "codex_home: is one home, and goes with one user at most"
	}
	return ""
}

// args is the command that a task means.
func (t ansibleTask) args() []string {
	var args []string
	switch absent := t.State == "absent"; {
	case bool(t.Check) && absent:
		args = []string{"plan", "--destroy", "--detailed-exitcode"}
	case bool(t.Check):
		args = []string{"plan", "--detailed-exitcode"}
	case absent:
		args = []string{"destroy", "--auto-approve"}
	default:
		args = []string{"apply", "--auto-approve", "--detailed-exitcode"}
	}
	if bool(t.Check) && t.Secrets != "" {
		args = append(args, "--secrets="+t.Secrets)
	}
	switch {
	case t.File != "":
		args = append(args, "--file="+t.File)
	case t.Policy != "":
		args = append(args, "--file=-")
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

// ansible carries a task out and answers as a module does: Ansible reads failed, and
// who runs a module by hand the exit code.
func ansible(ctx context.Context, env Env, t ansibleTask) int {
	answer := ansibleAnswer{State: "error:E_POLICY", RC: exitUsage, Failed: true, Msg: t.fault}
	if t.fault == "" {
		answer = t.run(ctx, env)
	}
	text, err := json.Marshal(answer)
	if err == nil {
		_, err = fmt.Fprintln(env.Stdout, ui.InertDocument(string(text)))
	}
	if err != nil {
		return exitFailed
	}
	if answer.Failed {
		return exitFailed
	}
	return exitDone
}

func (t ansibleTask) run(ctx context.Context, env Env) ansibleAnswer {
	var out bytes.Buffer
	env.Args, env.Stdout, env.Stderr = t.args(), &out, io.Discard
	env.StdinTerminal, env.StdoutTerminal, env.StderrTerminal = false, false, false
	if t.Policy != "" && t.File != "" {
		env.Texts = map[string][]byte{t.File: []byte(t.Policy)}
	}
	env.Stdin, env.Pipes = strings.NewReader(string(t.Policy)), bounded.NewPipes(ctx, bounded.Wait)
	err := newApp(ctx, env).run(ctx)
	return t.answer(err, out.Bytes())
}
