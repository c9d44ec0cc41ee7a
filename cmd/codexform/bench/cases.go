package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// bench is one measurement: where the programs and their homes are.
type bench struct{ root, dir string }

// group is what the programs of one table do.
type group string

const (
	checks  group = "check"   // nothing to do
	applies group = "apply"   // both files change
	own     group = "command" // codexform's other commands
	large   group = "large"   // many keys, large files
)

// program is one command line that is measured.
type program struct {
	name  string
	group group
	home  string     // $HOME
	turns [][]string // command lines that take turns, so that each has something to do
	env   []string
	peer  bool     // not ours, and no floor: measured for the page alone
	few   bool     // takes so long that a few runs must do
	exit  int      // that it ends with
	jobs  []string // names of the turns, where they are jobs of their own
}

// asReleased are the linker's flags with which .ci/package/goreleaser.yaml builds: a program
// that is not told its version looks for it in what the toolchain wrote, at every start.
const asReleased = "-s -w -X main.version=1.0.0 -X main.commit=0123456789abcdef0123456789abcdef01234567 -X main.date=2026-01-02T03:04:05Z"

// prepare builds the programs.
func (b *bench) prepare() error {
	for out, of := range map[string]string{"codexform": b.root, "empty": "floor/empty", "floor-check": "floor/check", "transaction": "floor/transaction"} {
		pkg := "."
		if of == b.root {
			pkg = "./cmd/codexform"
		}
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags", asReleased, "-o", filepath.Join(b.dir, out), pkg)
		cmd.Dir, cmd.Env = of, append(os.Environ(), "CGO_ENABLED=0")
		if said, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("go build %s: %v\n%s", of, err, said)
		}
	}
	return nil
}

func (b *bench) bin(name string) string { return filepath.Join(b.dir, name) }

const key = "sk-bench-0123456789abcdef0123456789abcdef"

// environment is all that a program sees of the machine.
func environment(home string, more []string) []string {
	return append([]string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "ROUTESCOPE_API_KEY=" + key}, more...)
}

// home is a home with a config.toml to which a policy was applied.
func (b *bench) home(name, config string, policy ...string) (string, error) {
	home := filepath.Join(b.dir, "home-"+name)
	if err := os.MkdirAll(filepath.Join(home, ".codex"), 0o700); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(home, ".codex", "config.toml"), []byte(config), 0o600); err != nil {
		return "", err
	}
	if len(policy) == 0 {
		return home, nil
	}
	cmd := exec.Command(b.bin("codexform"), append(b.flags("apply", policy...), "--auto-approve", "--no-confirm")...)
	cmd.Env = environment(home, nil)
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("preparing %s: %v\n%s", name, err, said)
	}
	return home, nil
}

// flags is a command line of ours: no installed Codex is asked, which would cost more
// than all the rest.
func (b *bench) flags(command string, policy ...string) []string {
	args := []string{command, "--codex", "off"}
	for _, p := range policy {
		args = append(args, "-f", p)
	}
	return args
}

func (b *bench) policy(name, text string) (string, error) {
	file := filepath.Join(b.dir, name+".yaml")
	return file, os.WriteFile(file, []byte(text), 0o600)
}

// programs are ours and the floors, their homes made ready.
func (b *bench) programs() ([]program, error) {
	us := b.bin("codexform")
	guide, err := b.policy("guide", guideYAML("gpt-5.4"))
	if err != nil {
		return nil, err
	}
	other, err := b.policy("other", guideYAML("gpt-5"))
	if err != nil {
		return nil, err
	}
	recommended := filepath.Join(b.root, "examples", "recommended", "codex.yaml")
	home, err := b.home("guide", lived(200), guide)
	if err != nil {
		return nil, err
	}
	start, err := os.ReadFile(filepath.Join(filepath.Dir(recommended), "home", "config.toml"))
	if err != nil {
		return nil, err
	}
	recommendedHome, err := b.home("recommended", string(start), recommended)
	if err != nil {
		return nil, err
	}
	changing, err := b.home("changing", lived(200), guide)
	if err != nil {
		return nil, err
	}
	bare, err := b.home("bare", lived(200), guide)
	if err != nil {
		return nil, err
	}
	change := func(policy string) []string {
		return append([]string{us}, append(b.flags("apply", policy), "--auto-approve", "--no-confirm")...)
	}
	one := func(args ...string) [][]string { return [][]string{args} }
	all := []program{
		{name: "an empty Go program", group: checks, home: home, turns: one(b.bin("empty"))},
		{name: "bare check (reads, parses, compares)", group: checks, home: home, turns: one(b.bin("floor-check"), guide)},
		{name: "codexform plan, examples/recommended", group: checks, home: recommendedHome, turns: one(append([]string{us}, b.flags("plan", recommended)...)...)},
		{name: "codexform plan", group: checks, home: home, turns: one(append([]string{us}, b.flags("plan", guide)...)...)},
		{name: "bare transaction (5 syncs)", group: applies, home: bare, turns: one(b.bin("transaction"))},
		{
			name: "codexform apply", group: applies, home: changing, turns: [][]string{change(other), change(guide)},
			env: []string{"OTHER_API_KEY=" + strings.Replace(key, "bench", "other", 1)},
		},
		{name: "codexform version", group: own, home: home, turns: one(us, "version")},
		{name: "codexform validate", group: own, home: home, turns: one(us, "validate", "-f", guide)},
		{name: "codexform token", group: own, home: home, turns: one(us, "token", "-f", guide)},
		{name: "codexform status", group: own, home: home, turns: one(us, "status", "-f", guide)},
	}
	more, err := b.largePrograms(guide, other)
	return append(all, more...), err
}

// guideYAML is the setup guide's job.
func guideYAML(model string) string {
	variable := "ROUTESCOPE_API_KEY"
	if model != "gpt-5.4" {
		variable = "OTHER_API_KEY" // another key too, so that both files change
	}
	return `version: 1
model: ` + model + `
reasoning_effort: xhigh
provider: {id: routescope, name: Routescope, base_url: "https://api.routescope.ai/v1"}
secret: {env: ` + variable + `}
settings:
  disable_response_storage: true
  network_access: enabled
  windows_wsl_setup_acknowledged: true
  model_context_window: 1000000
  model_auto_compact_token_limit: 900000
`
}

// lived is a config.toml of so many lines as people have them.
func lived(lines int) string {
	var b strings.Builder
	b.WriteString("# my settings\nmodel = \"gpt-5\"\napproval_policy = \"on-request\"\nmodel_reasoning_effort = 'high' # for now\n\n" +
		"[model_providers.rack]\nname = \"Rack\"\nbase_url = \"http://localhost:11434/v1\"\n")
	for i := 0; i*12+8 < lines; i++ {
		fmt.Fprintf(&b, "\n[projects.\"/home/mira/src/site-%d\"]\ntrust_level = \"trusted\"\n\n"+
			"# server %d\n[mcp_servers.server-%d]\ncommand = \"npx\" # or bunx\nargs = [\"-y\", \"@acme/docs-mcp@latest\"]\n"+
			"startup_timeout_sec = 20\nenabled = true\nenv = { TOKEN = \"keep-me\", LOG = 'warn' }\n\n", i, i, i)
	}
	return b.String()
}
