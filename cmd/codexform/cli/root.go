package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/cmd/codexform/users"
	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/status"
	"github.com/codexform/codexform/sources"
)

// app is one run of the program.
type app struct {
	env        Env
	out        *firmWriter
	errand     *errand // nil where this process works for whoever has started it
	view       ui.View
	format     string
	colour     string
	parsed     bool // the command line was understood, and its command has begun
	planLogged bool

	full, verbose bool // of a plan: cut and fold nothing, group nothing

	beside string // --for: the tool that a plan or an apply makes room for

	line  liveLine
	shown *shown

	contracts contractOptions
	remembers bool           // the command keeps status.json
	codex     *installed     // that a look has found, nil before one
	reader    *installed     // the Codex that the last look was for, nil before one
	dialect   *dialect       // nil without a contract
	state     *status.Status // what status, plan and apply have found

	logging logOptions
	log     *slog.Logger

	layersRead  bool
	told        map[string]bool // files that somebody was warned about
	layersFound codex.Layers
}

// Main runs the command that env.Args name and returns the exit code. What there
// is to say has been said by then.
func Main(ctx context.Context, env Env) int {
	if slices.Equal(env.Args, []string{users.Command}) {
		return serve(ctx, env)
	}
	if task, ok := ansibleTaskIn(env); ok {
		return ansible(ctx, env, task)
	}
	a := newApp(ctx, env)
	err := a.run(ctx)
	if a.dialect != nil {
		return a.answer(err)
	}
	return exitCode(err)
}

func newApp(ctx context.Context, env Env) *app {
	if asciiOnly(env) {
		env.Stdout, env.Stderr = asciiWriter{env.Stdout}, asciiWriter{env.Stderr}
	}
	out, own := &firmWriter{to: env.Stdout}, &shown{}
	wordsNow.Store(own)
	if env.Pipes == nil {
		env.Pipes = bounded.NewPipes(ctx, bounded.Wait)
	}
	env.Stdout, env.Stderr = &shownWriter{out, own}, &shownWriter{env.Stderr, own}
	a := &app{env: env, out: out, format: formatIn(env.Args), colour: "auto", shown: own, told: map[string]bool{}}
	a.speaking()
	a.view = a.newView()
	return a
}

// run runs the command and says what stopped it.
func (a *app) run(ctx context.Context) error {
	cmd, err := newTree(a, wanted(a.env.Args)).ExecuteContextC(ctx)
	if len(sources.Problems(err)) > 0 {
		err = stopped(ctx, err) // what could not be read any more is no problem of the policy
	}
	if lost := a.lostAnswer(cmd, err); lost != nil {
		err = lost
	} else if err != nil && !a.parsed {
		err = newParseError(err, cmd, a.env.Args)
	}
	if err != nil && !as[*saidError](err) {
		a.line.clear()
		a.view.Fail(failure(err))
	}
	if lost := a.out.err; err != nil && a.format == string(ui.JSON) && lost != nil && !errors.Is(lost, syscall.EPIPE) {
		a.format = string(ui.Text) // what was to say so went where the answer went
		a.newView().Fail(failure(err))
	}
	return err
}

// Bug tells of a panic and returns the exit code after one. Where even that cannot be told,
// a console still gets its answer: a code that it might take for drift must not stand.
func Bug(env Env, value any, stack []byte) (code int) {
	defer func() {
		if recover() != nil {
			code = lastWord(env)
		}
	}()
	a := &app{env: env, format: formatIn(env.Args), colour: "auto"}
	a.speaking()
	bug := fmt.Sprintf("a bug in codexform: %v", value)
	a.newView().Fail(&ui.Failure{Code: "bug", Exit: exitBug, Message: bug})
	fmt.Fprintf(a.env.Stderr, "\nPlease report it with these lines:\n\n%s", stack)
	if a.dialect != nil {
		return a.answer(&bugError{bug})
	}
	return exitBug
}

// lastWord says no more than that there is a bug.
func lastWord(env Env) int {
	c, ok := status.FindContract(valueIn(env.Args, "--contract"))
	if !ok {
		fmt.Fprintln(env.Stderr, "codexform: error: a bug in codexform")
		return exitBug
	}
	s := status.Status{FormatVersion: status.FormatVersion, State: status.Failed, Code: status.Bug, Changes: []string{}}
	fmt.Fprint(env.Stdout, c.Form.Text(s))
	return c.Exit(s)
}

// newTree is the root with some of the commands.
func newTree(a *app, some []command) *cobra.Command {
	root := &cobra.Command{
		Use:   "codexform",
		Short: "Set Codex up from a YAML file: plan, apply, confirm",
		Long: `codexform keeps the settings of a Codex home (config.toml and auth.json) as a
YAML file wants them. It shows what would change, key by key, changes nothing
else, and proves the result with a model-list call to the gateway.

  codexform plan     what would change in ~/.codex
  codexform apply    change it, all or nothing, then confirm`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		PersistentPreRunE: func(*cobra.Command, []string) error { return a.begin() },
	}
	root.SetArgs(a.env.Args)
	root.SetIn(a.env.Stdin)
	root.SetOut(a.env.Stdout)
	root.SetErr(a.env.Stderr)
	flags := root.PersistentFlags()
	flags.StringVar(&a.format, "format", "text", "what to print on stdout: "+either(formats(ui.Formats)))
	flags.StringVar(&a.colour, "color", "auto", "when to colour: auto, always or never")
	complete(root, "format", formats(ui.Formats)...)
	complete(root, "color", "auto", "always", "never")
	var version bool
	root.Flags().BoolVar(&version, "version", false, "the same as codexform version")
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		if version {
			a.view.Version(a.env.Build)
			return nil
		}
		return cmd.Help()
	}
	a.logging.addTo(root)
	for _, c := range some {
		root.AddCommand(c.build(a))
	}
	wrapHelp(root, a.env.Width)
	return root
}

// begin judges the common flags once all flags are parsed.
func (a *app) begin() error {
	if !slices.Contains(ui.Formats, ui.Format(a.format)) {
		return fmt.Errorf("--format %q: it is %s", a.format, either(formats(ui.Formats)))
	}
	if !slices.Contains([]string{"auto", "always", "never"}, a.colour) {
		return fmt.Errorf("--color %q: it is auto, always or never", a.colour)
	}
	if _, ok := status.FindContract(a.contracts.name); a.contracts.name != "" && !ok {
		return fmt.Errorf("--contract %q: it is %s", a.contracts.name, either(contractNames()))
	}
	log, err := a.logger()
	if err != nil {
		return err
	}
	a.log, a.line.log = log, log
	a.parsed = true
	a.view = a.newView()
	if a.env.StderrTerminal && a.format == string(ui.Text) && a.env.getenv("TERM") != "dumb" { // which erases no line
		a.line.out = a.env.Stderr
	}
	return nil
}

func (a *app) newView() ui.View {
	return ui.New(a.env.Stdout, a.env.Stderr, ui.Options{
		Format:    ui.Format(a.format),
		Colour:    a.coloured(a.env.StdoutTerminal),
		ErrColour: a.coloured(a.env.StderrTerminal),
		ASCII:     a.env.StdoutTerminal && a.asciiOnly(),
		ErrASCII:  a.env.StderrTerminal && a.asciiOnly(),
		Width:     a.env.Width,
		Full:      a.full,
		Verbose:   a.verbose,
		UserHome:  a.env.Home,
		Version:   a.env.Build.Version,
		Now:       a.env.Now(),
	})
}

// coloured reports whether a stream gets colour: --color beats NO_COLOR beats a
// dumb terminal beats no terminal.
func (a *app) coloured(terminal bool) bool {
	switch {
	case a.colour != "auto":
		return a.colour == "always"
	case a.env.getenv("NO_COLOR") != "" || a.env.getenv("TERM") == "dumb":
		return false
	}
	return terminal
}

// asciiOnly reports that the locale names letters that are not those of UTF-8. Where it
// names none, terminals show UTF-8 nearly always.
func (a *app) asciiOnly() bool {
	locale := cmp.Or(a.env.getenv("LC_ALL"), a.env.getenv("LC_CTYPE"), a.env.getenv("LANG"))
	if locale == "C" || locale == "POSIX" {
		return true
	}
	_, letters, named := strings.Cut(locale, ".")
	letters, _, _ = strings.Cut(letters, "@")
	letters = strings.ToLower(strings.ReplaceAll(letters, "-", ""))
	return named && letters != "utf8"
}

// formatIn finds --format in a command line that is not parsed yet, so that a
// wrong one is complained about in the wanted format.
func formatIn(args []string) string { return cmp.Or(valueIn(args, "--format"), string(ui.Text)) }

// valueIn is the value of a flag in a command line that is not parsed yet, or that
// could not be parsed; "" where it is not there.
func valueIn(args []string, flag string) string {
	for i, arg := range args {
		if v, ok := strings.CutPrefix(arg, flag+"="); ok {
			return v
		}
		if arg == flag && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

// complete offers the values of a flag to the shell.
func complete(cmd *cobra.Command, flag string, values ...string) {
	must(cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)))
}

// must is for calls that fail only when this package is wrong.
func must(err error) {
	if err != nil {
		panic("the command tree does not fit together: " + err.Error())
	}
}

// formats are the names of some formats.
func formats(some []ui.Format) []string {
	out := make([]string, len(some))
	for i, f := range some {
		out[i] = string(f)
	}
	return out
}

// either is "a, b or c".
func either(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
