package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply/gateway/loopback"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/stall"
)

// Key of the demo's gateway, and one that it does not know. They open nothing else.
const (
	demoKey  = "sk-demo-2f1c7a9e5b3d4860"
	wrongKey = "sk-demo-0000000000000000"
)

// demoConfig is a config.toml as people have them.
const demoConfig = `# Kim's Codex. The comments stay, thank you.
model = "gpt-5"             # until the gateway is there
approval_policy = "on-request"

[model_providers.old-gateway]
name = "Old gateway"
base_url = "https://old.example/v1"   # keep: the night shift uses it

[mcp_servers.docs]
command = "docs-server"
args = ["--stdio"]

[projects."/home/kim/work/shop"]
trust_level = "trusted"

[tui]
notifications = true
`

const demoPolicy = `version: 1
model: gpt-5.4
provider:
  id: demo
  name: Demo gateway
  base_url: %s
secret:
  env: DEMO_API_KEY
settings:
  model_reasoning_summary: concise
`

func newDemoCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Play the main job through, in a temporary home",
		Long: `Start a small gateway on this computer's loopback address, make a temporary
Codex home that has been lived in, and validate, plan, apply and plan again in
it; then try a wrong key. Nothing of yours is read or changed, no network and no
other program is needed, and everything is removed at the end.

` + exitHelp(exitDone, exitFailed, exitUsage),
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return runDemo(cmd.Context(), a) },
	}
}

func runDemo(ctx context.Context, a *app) error {
	d, err := newDemo(a)
	if err != nil {
		return fmt.Errorf("setting the demo up: %w", err)
	}
	defer d.close()
	err = d.play(ctx)
	if failed := d.close(); err == nil {
		err = failed
	}
	a.view.Demo(d.steps, failure(err))
	return said(err)
}

// demo is one run: its folder, its gateway, and what was done so far.
type demo struct {
	app     *app
	words   shellWords
	out     io.Writer
	before  string // the working directory of the real world
	folder  string
	gateway *loopback.Gateway
	vars    map[string]string
	steps   []ui.Step
}

func newDemo(a *app) (*demo, error) {
	d := &demo{app: a, words: shellOf(a.env.OS), out: a.env.Stdout, before: a.env.Dir, vars: map[string]string{"DEMO_API_KEY": demoKey}}
	if a.format == string(ui.JSON) {
		d.out = io.Discard
	}
	var err error
	temp := stall.Enter(stall.Look, "", os.TempDir())
	d.folder, err = os.MkdirTemp("", "codexform-demo-")
	if temp.Leave(); err != nil {
		return nil, err
	}
	if d.gateway, err = loopback.Start(loopback.Config{
		Keys: []plan.Secret{plan.NewSecret([]byte(demoKey))}, Models: []string{"gpt-5.4", "gpt-5.4-mini", "o4-mini"},
	}); err == nil {
		err = d.furnish()
	}
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

// furnish makes the home and the desired state.
func (d *demo) furnish() error {
	if err := os.MkdirAll(filepath.Join(d.folder, ".codex"), 0o700); err != nil {
		return err
	}
	files := map[string]string{".codex/config.toml": demoConfig, defaultFile: fmt.Sprintf(demoPolicy, d.gateway.URL())}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(d.folder, filepath.FromSlash(name)), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return os.Chdir(d.folder)
}

// close takes everything away. It may be called again.
func (d *demo) close() error {
	if d.gateway != nil {
		d.gateway.Close()
	}
	return errors.Join(os.Chdir(d.before), os.RemoveAll(d.folder))
}

// play is the story. Every step says what has to come of it, so the demo cannot
// show a success that was none.
func (d *demo) play(ctx context.Context) error {
	d.say("# A gateway runs on this computer:\n# %s", d.gateway.URL())
	d.say("# The Codex home is a temporary one, and has\n# been lived in. Nothing of yours is touched.")
	d.show(d.words.config, d.read(".codex/config.toml"))
	d.show(d.words.policy, d.read(defaultFile))
	d.say("\n"+d.words.set+"      # what the gateway gave you", "sk-demo-…")
	started := d.read(".codex/config.toml")
	for _, step := range []func() error{
		func() error { return d.run(ctx, exitDone, "validate") },
		func() error { return d.run(ctx, exitDone, "plan") },
		func() error { return d.run(ctx, exitDone, "apply", "--auto-approve") },
		func() error { return d.compare(started) },
		func() error { return d.run(ctx, exitDone, "plan", "--detailed-exitcode") },
		func() error { return d.refuse(ctx) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	d.say("\n# That was all of it. The gateway is gone, and so is the folder.")
	return nil
}

// compare shows what became of the lived-in file.
func (d *demo) compare(before string) error {
	d.say("\n# Only the planned lines differ:")
	d.show(d.words.diff, strings.Join(lineDiff(before, d.read(".codex/config.toml")), ""))
	return nil
}

// refuse tries a wrong key, which must change nothing.
func (d *demo) refuse(ctx context.Context) error {
	d.say("\n# A wrong key is refused before anything is written:")
	before := d.read(".codex/config.toml") + d.read(".codex/auth.json")
	d.vars["DEMO_API_KEY"] = wrongKey
	d.say("\n"+d.words.set+"   # not the gateway's", "sk-demo-000…")
	if err := d.run(ctx, exitNotConfirmed, "apply", "--auto-approve"); err != nil {
		return err
	}
	if d.read(".codex/config.toml")+d.read(".codex/auth.json") != before {
		return errors.New("the wrong key has changed a file")
	}
	return nil
}

// run is one command, as a person would type it.
func (d *demo) run(ctx context.Context, want int, args ...string) error {
	command := strings.Join(append([]string{"codexform"}, args...), " ")
	d.say("\n%s %s", d.words.prompt, command)
	var out bytes.Buffer
	colour := "never"
	if d.app.coloured(d.app.env.StdoutTerminal) {
		colour = "always"
	}
	env := Env{
		World: d.app.env.World, Args: append(args, "--color", colour), Now: d.app.env.Now, Build: d.app.env.Build,
		Stdout: io.MultiWriter(&out, d.out), Stderr: io.MultiWriter(&out, d.out), Width: d.app.env.Width,
	}
	env.Home, env.Dir, env.Stdin = d.folder, d.folder, strings.NewReader("")
	env.LookupEnv = func(name string) (string, bool) { v, ok := d.vars[name]; return v, ok }
	got := Main(ctx, env)
	d.steps = append(d.steps, ui.Step{Command: command, Exit: got, Output: out.String()})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if got != want {
		return fmt.Errorf("%s ended with exit code %d, not %d", command, got, want)
	}
	if got != exitDone {
		d.say("%s\n%d", d.words.exit, got)
	}
	return nil
}

// read is a file of the demo, "" where there is none.
func (d *demo) read(name string) string {
	data, err := os.ReadFile(filepath.Join(d.folder, filepath.FromSlash(name)))
	if err != nil {
		return ""
	}
	return string(data)
}

func (d *demo) show(command, output string) {
	d.say("\n%s\n%s", command, strings.TrimSuffix(output, "\n"))
}

func (d *demo) say(format string, args ...any) { fmt.Fprintf(d.out, format+"\n", args...) }
