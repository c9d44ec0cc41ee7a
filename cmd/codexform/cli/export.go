package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/cmd/codexform/export"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/sources"
)

// exportOptions are the flags of every export.
type exportOptions struct {
	policyOptions
	out     string
	program string
	policy  []string
}

func (o *exportOptions) addTo(cmd *cobra.Command) {
	o.policyOptions.addTo(cmd)
	cmd.Flags().StringVar(&o.out, "out", "", "write it into this new file, for its owner alone, instead of to stdout")
	cmd.Flags().StringVar(&o.program, "program", "codexform", "where the machines have codexform, for delivery: command")
	cmd.Flags().StringArrayVar(&o.policy, "policy", nil, "where the machines have the policy, for delivery: command (default: the files of -f, in full)")
	must(cmd.MarkFlagFilename("out"))
}

func newExportCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Say the same policy for another carrier",
		Long: `Print the policy in the words of another carrier: Codex's own requirements file, a
configuration profile, the rules of a console, or another client of the same
gateway. The same policy gives the same bytes. Nothing is asked, and no secret is
in what is printed.

` + exitHelp(exitDone, exitFailed, exitUsage),
		Example: `  codexform export requirements
  codexform export mobileconfig --identifier com.example.codex --out codex.mobileconfig
  codexform export client opencode`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return &usageError{errors.New("export what? " + strings.Join(exports(cmd), ", "))}
		},
	}
	cmd.AddCommand(newExportRequirements(a), newExportMobileconfig(a), newExportIntune(a), newExportFleet(a), newExportClient(a))
	return cmd
}

func exports(cmd *cobra.Command) []string {
	var out []string
	for _, sub := range cmd.Commands() {
		out = append(out, sub.Name())
	}
	return out
}

func newExportRequirements(a *app) *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "requirements",
		Short: "Print a requirements.toml that pins the provider",
		Long: `Print the requirements.toml that makes Codex use the policy's provider, whatever a
user's config.toml or a flag of Codex says. It belongs to root: /etc/codex on Linux
and macOS, %ProgramData%\OpenAI\Codex on Windows, readable by everybody. Models are
not pinned; Codex ignores one there.

` + exitHelp(exitDone, exitFailed, exitUsage),
		Example:           `  codexform export requirements -f team.yaml --program /usr/bin/codexform --policy /etc/codexform/codex.yaml`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			return a.exportForAll(o, "requirements", func(p *sources.Policy) (export.Text, error) {
				body, err := export.Requirements(p.Desired)
				return export.Text{Body: body}, err
			})
		},
	}
	o.addTo(cmd)
	return cmd
}

func newExportMobileconfig(a *app) *cobra.Command {
	var o exportOptions
	var p export.Profile
	var form string
	cmd := &cobra.Command{
		Use:   "mobileconfig",
		Short: "Print an Apple configuration profile that pins the provider",
		Long: `Print a configuration profile for the domain com.openai.codex, as an MDM pushes it:
it carries the requirements that pin the policy's provider. Equal policies give
equal bytes; the same --identifier replaces the profile. It is not signed, and holds
no key.

--config adds the policy's config.toml as well. As a managed preference it is the
strongest layer there is: it beats the user's file and the flags of Codex, and a
user cannot choose another model any more.

` + exitHelp(exitDone, exitFailed, exitUsage),
		Example:           `  codexform export mobileconfig --identifier com.example.codex --organization Example --out codex.mobileconfig`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			p.Form = export.Form(form)
			if !slices.Contains([]export.Form{export.Plain, export.MCX}, p.Form) {
				return &usageError{fmt.Errorf("--form %q: it is plain or mcx", form)}
			}
			return a.exportForAll(o, "mobileconfig", func(policy *sources.Policy) (export.Text, error) {
				body, err := export.Mobileconfig(policy.Desired, p)
				t := export.Text{Body: body}
				if p.Config {
					t.Notes = []string{"config_toml_base64 beats the user's config.toml and the flags of Codex"}
				}
				return t, err
			})
		},
	}
	o.addTo(cmd)
	cmd.Flags().StringVar(&form, "form", string(export.Plain), "plain: the domain as its own payload type; mcx: as a managed preference")
	cmd.Flags().StringVar(&p.Identifier, "identifier", "io.github.codexform.codex", "what the profile is known by; the same one replaces it")
	cmd.Flags().StringVar(&p.Organization, "organization", "", "who it says it comes from")
	cmd.Flags().BoolVar(&p.Config, "config", false, "add config.toml itself, which then beats the user's file and Codex's flags")
	complete(cmd, "form", string(export.Plain), string(export.MCX))
	return cmd
}

func newExportIntune(a *app) *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "intune-rules",
		Short: "Print the rules file of Intune's custom compliance",
		Long: `Print the JSON rules that Intune holds against the line of codexform status
--contract intune-compliance.

` + exitHelp(exitDone, exitFailed, exitUsage),
		Example:           `  codexform export intune-rules --out rules.json`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			return a.exportForAll(o, "intune_rules", func(p *sources.Policy) (export.Text, error) {
				return export.Text{Body: export.IntuneRules(p.Version)}, nil
			})
		},
	}
	o.addTo(cmd)
	return cmd
}

func newExportFleet(a *app) *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "fleet-gitops",
		Short: "Print a part of Fleet's GitOps YAML",
		Long: `Print policies over every status.json of a machine, the script that they run where
they fail and the profile, for Fleet's GitOps files. The script and the profile are
named, not printed: examples/consoles/fleet has one, export mobileconfig the other.

` + exitHelp(exitDone, exitFailed, exitUsage),
		Example:           `  codexform export fleet-gitops > codex.yml`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			return a.exportForAll(o, "fleet_gitops", func(p *sources.Policy) (export.Text, error) {
				body, err := export.FleetGitOps(p.Desired, p.Version)
				return export.Text{Body: body}, err
			})
		},
	}
	o.addTo(cmd)
	return cmd
}

type exportClientOptions struct {
	exportOptions
	withSecret bool
	shell      string
}

func newExportClient(a *app) *cobra.Command {
	var o exportClientOptions
	var about strings.Builder
	var names []string
	for _, c := range export.Clients {
		fmt.Fprintf(&about, "  %-14s %s\n", c.Name, c.About)
		names = append(names, c.Name)
	}
	cmd := &cobra.Command{
		Use:   "client NAME",
		Short: "Print what another client of the same gateway takes",
		Long: `Print what another client needs to use the policy's gateway:

` + about.String() + `
The key is not in it, but where the client can be told its place. --with-secret gets
the key and prints it on a terminal, or with --out into a new file of mode 0600.

` + exitHelp(exitDone, exitFailed, exitUsage, exitSecret),
		Example: `  codexform export client opencode > ~/.config/opencode/opencode.json
  codexform export client cline --with-secret --out providers.json`,
		Args:      cobra.ExactArgs(1),
		ValidArgs: names,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(names, args[0]) {
				return &usageError{fmt.Errorf("%q is not a client that codexform knows: %s", args[0], either(names))}
			}
			return runExportClient(cmd.Context(), a, o, args[0])
		},
	}
	o.addTo(cmd)
	cmd.Flags().BoolVar(&o.withSecret, "with-secret", false, "get the key and put it in; on a terminal, or with --out")
	cmd.Flags().StringVar(&o.shell, "shell", "sh", "for env: sh or powershell")
	complete(cmd, "shell", "sh", "powershell")
	return cmd
}

func runExportClient(ctx context.Context, a *app, o exportClientOptions, name string) error {
	switch {
	case o.shell != "sh" && o.shell != "powershell":
		return &usageError{fmt.Errorf("--shell %q: it is sh or powershell", o.shell)}
	case o.withSecret && o.out == "" && (!a.env.StdoutTerminal || a.format != string(ui.Text)):
		return &usageError{errors.New("--with-secret prints a key: on a terminal only, or with --out into a new file")}
	}
	return a.export(o.exportOptions, "client", func(p *sources.Policy) (export.Text, error) {
		c := export.Client{Desired: p.Desired, Program: o.program, Policies: o.policies(a, p), Windows: o.shell == "powershell"}
		if o.withSecret {
			defer a.release(ctx, p)
			d, _, err := p.Resolve(ctx)
			if err != nil {
				return export.Text{}, stopped(ctx, err)
			}
			if d.Secret == nil {
				return export.Text{}, &usageError{errors.New("--with-secret: the policy names no secret")}
			}
			c.Key = d.Secret.Value
		}
		t, err := export.ForClient(name, c)
		if err != nil {
			return t, &usageError{err}
		}
		return t, nil
	})
}

// policies are where the machines have the policy, in full; none for standard input.
func (o exportOptions) policies(a *app, p *sources.Policy) []string {
	if len(o.policy) > 0 {
		return o.policy
	}
	var out []string
	for _, name := range p.Desired.Files {
		if name == "-" {
			return nil
		}
		if !filepath.IsAbs(name) {
			name = filepath.Join(a.env.Dir, name)
		}
		out = append(out, name)
	}
	return out
}

// exportForAll makes an export that reaches every machine as it is: placeholders stay, and
// are refused where one would be in it.
func (a *app) exportForAll(o exportOptions, kind string, build func(*sources.Policy) (export.Text, error)) error {
	policy, err := a.loadForReview(o.policyOptions)
	if err != nil {
		return err
	}
	return a.exported(policy, o, kind, func(p *sources.Policy) (export.Text, error) {
		t, err := build(p)
		if err != nil {
			return t, &usageError{fmt.Errorf("%s: %w", strings.ReplaceAll(kind, "_", "-"), err)}
		}
		return t, nil
	})
}

// export makes one export for this machine and prints it, or writes it into a new file.
func (a *app) export(o exportOptions, kind string, build func(*sources.Policy) (export.Text, error)) error {
	policy, err := a.load(o.policyOptions)
	if err != nil {
		return err
	}
	return a.exported(policy, o, kind, build)
}

func (a *app) exported(policy *sources.Policy, o exportOptions, kind string, build func(*sources.Policy) (export.Text, error)) error {
	policy.Desired.Settings = o.elsewhere(policy.Desired)
	t, err := build(policy)
	if errors.Is(err, export.ErrNoProvider) {
		return &usageError{err}
	}
	if err != nil {
		return err
	}
	for _, note := range t.Notes {
		fmt.Fprintln(ui.Inert(a.env.Stderr), "codexform: note: "+note)
	}
	if kind != "client" || strings.HasPrefix(string(t.Body), "{") {
		t.Body = []byte(ui.InertDocument(string(t.Body)))
	} else {
		t.Body = []byte(ui.InertShell(string(t.Body), a.env.OS == "windows"))
	}
	if o.out != "" {
		err := commit.WriteUserFile(o.out, t.Body, fs.FileMode(0o600), false)
		if errors.Is(err, fs.ErrExist) {
			return &usageError{fmt.Errorf("%s is there already: --out names a new file", o.out)}
		}
		return err
	}
	a.view.Text(kind, string(t.Body))
	return nil
}

// elsewhere are the settings as other machines need them: the helper of delivery
// command runs what is there, not what is here.
func (o exportOptions) elsewhere(d plan.Desired) []plan.Setting {
	if d.Provider == nil || d.Delivery != plan.DeliveryCommand {
		return d.Settings
	}
	out := slices.Clone(d.Settings)
	auth := plan.Address{"model_providers", d.Provider.ID, "auth"}
	for i, s := range out {
		switch {
		case s.Address.Equal(append(slices.Clone(auth), "command")) && o.program != "codexform":
			out[i].Value = plan.Str(o.program)
		case s.Address.Equal(append(slices.Clone(auth), "args")) && len(o.policy) > 0:
			args := []plan.Value{plan.Str("token")}
			for _, file := range o.policy {
				args = append(args, plan.Str("-f"), plan.Str(file))
			}
			out[i].Value = plan.List(args...)
		}
	}
	return out
}
