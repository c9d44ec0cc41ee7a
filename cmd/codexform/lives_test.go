package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/cmd/codexform/cli"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/tomlfile"
	"github.com/codexform/codexform/sources"
)

// few is a tenth of many lives for a short run, as under Wine, where each costs ten times
// as much.
func few(lives int) int {
	if testing.Short() {
		return max(3, lives/10)
	}
	return lives
}

var commandLives = flag.Int("command-lives", 30, "how many lives TestLivesByCommand lives")

// livedHomes are files as people have them.
var livedHomes = []string{
	"",
	"# mine\nmodel = \"o3\" # of old\napproval_policy = \"on-failure\"\n\n[tools]\nview_image = true\nweb_search = false # no\n\n[projects.\"/src\"]\ntrust_level = \"trusted\"\n",
	"model = 'gpt-5'\nsandbox_workspace_write = { network_access = false, writable_roots = [\"/tmp\"] }\n[mcp_servers.docs]\ncommand = \"docs\"\nargs = [ \"--verbose\" ]\nstartup_timeout_sec = 30\n# end",
	"tui.theme = \"dark\"\r\nmodel_providers.old.name = \"Old\"\r\nmodel_providers.old.base_url = \"https://old.example/v1\"\r\n\r\n[history]\r\npersistence = \"none\"\r\n",
	"[features]\nview_image_tool = true\n\n[shell_environment_policy]\ninherit = \"core\"\nexclude = [\"AWS_*\"]\n\n[[skills.config]]\npath = \"/a\"\nenabled = false\n[history]\nmax_bytes = 1000\n",
}

// wishes are lines of a policy, by its key.
var commandWishes = map[string][]string{
	"settings": {
		"model: gpt-5.4", "model: gpt-5.5", "approval_policy: never", "tools: {view_image: false}", "tools: {web_search: true}",
		"sandbox_workspace_write: {network_access: true}", "history: {persistence: save-all}", "history: {max_bytes: 5000}",
		"shell_environment_policy: {inherit: all}", "tui: {theme: light}", "mcp_servers: {docs: {startup_timeout_sec: 60}}",
		"mcp_servers: {team: {command: team, args: [serve]}}", "projects: {\"/src\": {trust_level: untrusted}}",
	},
	"defaults": {"model: gpt-5.1", "approval_policy: on-request", "personality: friendly", "tools: {web_search: true}"},
	"absent": {
		"[tools]", "[tools, web_search]", "[sandbox_workspace_write]", "[sandbox_workspace_write, network_access]", "[mcp_servers, docs]",
		"[mcp_servers]", "[history]", "[history, persistence]", "[model_providers, old]", "[projects]", "[features]", "[approval_policy]",
	},
}

// commandLife is a home that the program itself works on.
type commandLife struct {
	t    *testing.T
	r    *rand.Rand
	home string
	said []string
	vars map[string]string                   // of the environment
	edit func(config string) (string, error) // somebody else's; nil for a note of the user's
}

func (l *commandLife) run(args ...string) int {
	var out bytes.Buffer
	env := cli.Env{
		World: sources.World{
			LookupEnv: func(name string) (string, bool) { value, set := l.vars[name]; return value, set },
			Fs:        afero.NewOsFs(), Stdin: strings.NewReader(""), OS: runtime.GOOS, Home: filepath.Dir(l.home),
		},
		Args: append(args, "--codex-home", l.home, "--codex", "off"), Stdout: &out, Stderr: &out, Now: time.Now,
	}
	ctx, done := context.WithCancel(l.t.Context())
	defer done() // or it holds what every command made
	code := cli.Main(ctx, env)
	l.said = append(l.said, fmt.Sprintf("> %q: exit %d\n%s\n%s", args, code, out.String(), l.config()))
	return code
}

func (l *commandLife) config() string {
	data, err := os.ReadFile(filepath.Join(l.home, "config.toml"))
	if err != nil {
		return "(none)"
	}
	return string(data)
}

// policy writes a policy of one to four wishes that do not meet.
func (l *commandLife) policy(n int) string {
	text, taken := "version: 1\n", map[string]bool{}
	for _, part := range []string{"settings", "defaults", "absent"} {
		var lines []string
		for range l.r.IntN(3) {
			w := commandWishes[part][l.r.IntN(len(commandWishes[part]))]
			if top := strings.FieldsFunc(w, func(r rune) bool { return strings.ContainsRune("[],: ", r) })[0]; !taken[top] {
				taken[top] = true
				lines = append(lines, w)
			}
		}
		if len(lines) > 0 && part == "absent" {
			text += "absent: [" + strings.Join(lines, ", ") + "]\n"
		} else if len(lines) > 0 {
			text += part + ":\n  " + strings.Join(lines, "\n  ") + "\n"
		}
	}
	if len(taken) == 0 {
		text += "settings:\n  model: gpt-5.4\n"
	}
	path := filepath.Join(filepath.Dir(l.home), fmt.Sprintf("policy%d.yaml", n))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
	l.said = append(l.said, text)
	return path
}

// TestLivesByCommand lives through the command line: one to five policies, rollbacks, an
// edit of the user's, a destroy.
func TestLivesByCommand(t *testing.T) {
	wrong := 0
	lives := few(*commandLives)
	for seed := range uint64(lives) {
		l := &commandLife{t: t, r: rand.New(rand.NewPCG(seed, 3)), home: filepath.Join(t.TempDir(), "home")}
		if err := l.live(livedHomes[seed%uint64(len(livedHomes))]); err != nil {
			wrong++
			t.Errorf("life %d: %v\n%s", seed, err, strings.Join(l.said, "\n"))
		}
	}
	t.Logf("%d lives by command, %d wrong", lives, wrong)
}

func (l *commandLife) live(start string) error {
	if err := os.MkdirAll(l.home, 0o700); err != nil {
		return err
	}
	write := func(text string) error {
		return os.WriteFile(filepath.Join(l.home, "config.toml"), []byte(text), 0o600)
	}
	if start != "" {
		if err := write(start); err != nil {
			return err
		}
	}
	edited, edit, theirs := false, l.r.IntN(6), noted
	if l.edit == nil {
		l.edit = note
	} else {
		theirs = added
	}
	for i := range 1 + l.r.IntN(5) {
		path := l.policy(i)
		before := l.config()
		switch code := l.run("apply", "--auto-approve", "-f", path); {
		case code == 3 && strings.Contains(l.said[len(l.said)-1], "incomplete-table") && l.config() == before:
			continue // what would stop Codex is refused, and changes nothing
		case code != 0:
			return fmt.Errorf("apply: exit %d", code)
		}
		if code := l.run("plan", "--detailed-exitcode", "-f", path); code != 0 {
			return fmt.Errorf("a plan after apply: exit %d", code)
		}
		if l.r.IntN(4) == 0 {
			if code := l.run("rollback", "--auto-approve"); code != 0 {
				return fmt.Errorf("rollback: exit %d", code)
			}
		}
		if i == edit {
			text, err := l.edit(strings.Replace(l.config(), "(none)", "", 1))
			if err != nil {
				return err
			}
			edited = true
			if err := write(text); err != nil {
				return err
			}
		}
	}
	if code := l.run("destroy", "--auto-approve"); code != 0 {
		return fmt.Errorf("destroy: exit %d", code)
	}
	return judgeLife(start, l.config(), edited, theirs)
}

// noted and added are what somebody else writes into a home: the user, and Codex.
var (
	noted = plan.Table(plan.Member{Key: "notes", Value: plan.Table(plan.Member{Key: "mine", Value: plan.Str("kept")})})
	added = plan.Table(plan.Member{Key: "mcp_servers", Value: plan.Table(plan.Member{
		Key: "added", Value: plan.Table(plan.Member{Key: "command", Value: plan.Str("server")}),
	})})
)

func note(config string) (string, error) {
	got, err := tomlfile.Apply([]byte(config), []tomlfile.Edit{{Address: plan.Address{"notes", "mine"}, Value: plan.Str("kept")}})
	return string(got.Data), err
}

// with is a file's tree with another's leaves.
func with(root plan.Value, at plan.Address, leaves plan.Value) plan.Value {
	if leaves.Kind() != plan.KindTable {
		return root.With(at, leaves)
	}
	for _, m := range leaves.Members() {
		root = with(root, append(at[:len(at):len(at)], m.Key), m.Value)
	}
	return root
}

func judgeLife(start, got string, edited bool, theirs plan.Value) error {
	switch {
	case !edited && (got == start || start == "" && got == "(none)"):
		return nil
	case !edited:
		return fmt.Errorf("destroy leaves other bytes")
	}
	doc, err := tomlfile.Parse([]byte(got))
	if err != nil {
		return err
	}
	was, err := tomlfile.Parse([]byte(start))
	if err != nil {
		return err
	}
	if want := with(was.Root, nil, theirs); !doc.Root.Same(want) {
		return fmt.Errorf("destroy leaves %s, want %s", doc.Root, want)
	}
	return nil
}
