package cli

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os/exec"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// versionOptions say which Codex the rules are about.
type versionOptions struct {
	version string
}

func (o *versionOptions) addVersionTo(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.version, "codex-version", "", "the Codex that will read the files, such as 0.169.0, where none is installed (default: the policy's codex, then the newest that is known)")
}

func (o versionOptions) codexVersion() (codex.Version, error) {
	if o.version == "" {
		return codex.Version{}, nil
	}
	v, err := codex.ParseVersion(o.version)
	if err != nil {
		return codex.Version{}, &usageError{err}
	}
	return v, nil
}

// installedOptions say which Codex may be run to check the files.
type installedOptions struct {
	versionOptions
	codex string
}

func (o *installedOptions) addInstalledTo(cmd *cobra.Command) {
	o.addVersionTo(cmd)
	cmd.Flags().StringVar(&o.codex, "codex", "auto", "the installed Codex that checks the files: auto, off or its path")
	must(cmd.MarkFlagFilename("codex"))
}

// installed is a Codex on this machine, or none.
type installed struct {
	version   codex.Version // zero until it is known
	policy    codex.Range   // that the policy is for
	partial   bool          // the files are not the whole home
	simulated bool          // the home is not this machine's
	thorough  bool          // the home is examined, and not only what changes
	binary    *codex.Binary
	asked     bool // it was asked for its version, or needs not be
	told      bool // it has told its version

	// What it said of the last file: a plan is made more than once.
	config []byte
	found  []plan.Diagnostic

	// What it said of another, where it is newer than the tables.
	spoken []byte
	word   *codex.Word
}

// installed finds the Codex that checks the files. It runs nothing yet.
func (o installedOptions) installed() (*installed, error) {
	version, err := o.codexVersion()
	if err != nil {
		return nil, err
	}
	binary, found, err := codex.FindBinary(o.codex, exec.LookPath)
	if err != nil {
		return nil, &usageError{err}
	}
	i := &installed{version: version, asked: !found}
	if found {
		i.binary = &binary
	}
	return i, nil
}

// versions are those that the files are judged for: the installed one, else the one
// that was said, else those of the policy; none for the newest that is known.
func (i *installed) versions() []codex.Version {
	if !i.version.IsZero() {
		return []codex.Version{i.version}
	}
	return i.policy.Versions()
}

// seenCodex is the version of the Codex of this machine, as far as it can be told without
// running it: what it said in this run, else its place, else what was known before.
func (a *app) seenCodex(before string) string {
	if i := a.codex; i != nil && i.told {
		return i.version.String()
	}
	binary, found, err := codex.FindBinary("auto", exec.LookPath)
	if err != nil || !found {
		return before
	}
	if v, ok := codex.PlacedVersion(a.env.Fs, binary.Path); ok {
		return v.String()
	}
	return before
}

// askVersion asks the installed Codex for its version. It reports whether one came to
// be known that was not said.
func (i *installed) askVersion(ctx context.Context) bool {
	if i.asked {
		return false
	}
	i.asked = true
	v, err := i.binary.Version(ctx)
	i.told = err == nil
	if err != nil || v == i.version {
		return false
	}
	i.version = v
	return true
}

// loads lets the installed Codex load config.toml as it would be.
func (i *installed) loads(ctx context.Context, s codex.Snapshot, p plan.Plan, after codex.Rendered) []plan.Diagnostic {
	if i.binary == nil || !p.File(plan.ConfigFile).Changed() || !after.Config.Exists {
		return nil
	}
	if i.config == nil || !bytes.Equal(i.config, after.Config.Data) {
		i.config = after.Config.Data
		b := i.binary.In(s.Home)
		i.found = codex.CheckLoad(ctx, b, s.Config, after.Config)
		i.found = codex.GivenBackAllTheSame(ctx, b, i.found, p, after.Config)
	}
	return i.found
}

// check applies the rules for each version that counts.
func (i *installed) check(ctx context.Context, c codex.Checked) []plan.Diagnostic {
	c.Partial = i.partial
	if i.partial || i.simulated {
		c.File = nil
	}
	found := codex.CheckVersions(c, i.versions())
	// One that came after the tables may have given up what they know, or clamp what they
	// have no number for: it is asked also where they find nothing.
	if len(found) == 0 && len(c.Changes) == 0 && !i.thorough || !i.askWord(ctx, c) {
		return found
	}
	c.Word = i.word
	return codex.CheckVersions(c, i.versions())
}

// askWord has a Codex that is newer than the tables say itself what it makes of the
// file; false when there is none.
func (i *installed) askWord(ctx context.Context, c codex.Checked) bool {
	if i.binary == nil || !i.version.After() || len(c.Config) == 0 {
		return false
	}
	if i.spoken == nil || !bytes.Equal(i.spoken, c.Config) {
		i.spoken, i.word = c.Config, nil
		if word, err := i.binary.In(c.Home).Word(ctx, c.Config); err == nil {
			i.word = &word
		}
	}
	return i.word != nil
}

// checked is what the rules look at.
func (a *app) checked(s codex.Snapshot, p plan.Plan, after codex.Rendered) codex.Checked {
	return codex.Checked{
		Desired: p.Desired, Changes: p.File(plan.ConfigFile).Changes, Policy: p.Policy, Before: s.Observed, Root: after.Root, Auth: after.After,
		Layers: a.layersFor(s, after), Env: a.codexEnv(s.Home), Place: s.Place,
		Hidden: a.hidden(s, after), CodexAction: a.beside == codexAction, Profiles: codex.ReadProfiles(a.env.Fs, s.Home),
		Home: s.Home, Config: after.Config.Data, File: codex.FilesOf(a.env.Fs, s.Home, a.env.Home),
	}
}

// hidden counts the sessions that Codex lists now and would not list any more.
func (a *app) hidden(s codex.Snapshot, after codex.Rendered) int {
	was, is := s.Observed.Config.Root.Get("model_provider"), after.Root.Get("model_provider")
	if was.Equal(is) {
		return 0
	}
	return codex.HiddenSessions(a.env.Fs, s.Home, is.Text())
}

// otherLayers are what Codex reads on this machine beside config.toml: files, and on
// macOS managed preferences. They are read once in a run.
func (a *app) otherLayers() codex.Layers {
	if !a.layersRead {
		a.layersRead = true
		if a.env.OS == "darwin" {
			a.layersFound = codex.ReadPreferences(a.env.Fs, a.env.User, a.env.Home)
		}
		a.layersFound = append(a.layersFound, codex.ReadLayers(a.env.Fs, codex.LayerFiles(a.env.OS, a.env.getenv("ProgramData")))...)
	}
	return a.layersFound
}

// maxDotenv bounds .env, in bytes.
const maxDotenv = 1 << 20

// codexEnv is the environment of a Codex that is started here.
func (a *app) codexEnv(home string) codex.Environment {
	if a.isSystem(home) {
		return codex.NewEnvironment(a.env.getenv, nil) // Codex reads no .env there
	}
	path := filepath.Join(home, ".env")
	dotenv, _, err := a.env.Pipes.File(a.env.Fs, path, maxDotenv)
	if err != nil {
		dotenv = nil // as Codex does: what cannot be read does not count
		if !a.told[path] && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, context.Canceled) && a.sees(home) {
			a.told[path] = true
			a.warn(path + " " + err.Error() + ": it counts as none")
		}
	}
	return codex.NewEnvironment(a.env.getenv, dotenv).At(path)
}

// sees reports a home that can be looked into. Of one that cannot, something else tells.
func (a *app) sees(home string) bool {
	_, err := a.env.Fs.Stat(filepath.Join(home, "."))
	if err == nil {
		_, err = a.env.Fs.Stat(filepath.Join(home, "config.toml"))
	}
	return err == nil || errors.Is(err, fs.ErrNotExist)
}

// access is how a Codex that is started here would reach its provider.
func (a *app) access(home string) func(plan.Value, plan.Auth) codex.Access {
	return func(root plan.Value, auth plan.Auth) codex.Access { return a.accessAt(home, root, auth) }
}

func (a *app) accessAt(home string, root plan.Value, auth plan.Auth) codex.Access {
	layers := a.otherLayers()
	if a.isSystem(home) {
		layers = layers.Over(plan.Value{}, "")
	}
	return codex.Effective(layers.Counting(root, a.readingVersion(layers, root)), auth, a.codexEnv(home))
}

// readingVersion is the version of the Codex that will read the files, as far as it is
// known without running it, where it matters.
func (a *app) readingVersion(layers codex.Layers, root plan.Value) codex.Version {
	if !layers.CountsByVersion(root) {
		return codex.Version{}
	}
	if i := a.reader; i != nil && !i.version.IsZero() {
		return i.version
	}
	v, _ := codex.ParseVersion(a.seenCodex(""))
	return v
}
