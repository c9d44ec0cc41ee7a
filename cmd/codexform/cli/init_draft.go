package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/sources"
)

// starterVariable is where a first desired state looks for the key.
const starterVariable = "CODEXFORM_KEY"

// draft is a desired state that asks for what a home has.
type draft struct {
	world    sources.World
	snapshot codex.Snapshot
	access   codex.Access
	file     func(key, path string) string // what is wrong with a file that a key names

	home     string // "" where there is none to start from
	variable string // that must hold the key, "" for none
	notes    []string

	entries  []sources.Entry
	settings []plan.Member // at the root of config.toml
	defaults []plan.Member // there too: the choices of a person
	provider []plan.Member // of the provider, beside what its own entry says
	absent   []plan.Value
}

// draft says in YAML what a home has. Only keys that a policy is likely to be about
// are taken: the models, the provider in use, and plain values at the root.
func (a *app) draft(s codex.Snapshot) *draft {
	d := &draft{
		world: a.env.World, snapshot: s, home: s.Home,
		access: a.access(s.Home)(s.Observed.Config.Root, s.Observed.Auth),
		file:   codex.FilesOf(a.env.Fs, s.Home, a.env.Home),
	}
	d.takeModels()
	d.takeProvider()
	d.takeRoot()
	d.takeSettings()
	d.leftTables()
	if len(d.entries) == 0 {
		d.entries = form(d.root().Get("model_providers").Get("OpenAI").IsAbsent())
		if len(d.root().Members()) == 0 || d.refusal(d.root(), false) != "" {
			return &draft{entries: d.entries}
		}
		d.note("there is nothing here that a policy could ask for as it stands: model, provider and secret below are a form to fill in")
	}
	d.tryOut()
	d.offer()
	return d
}

func (d *draft) root() plan.Value { return d.snapshot.Observed.Config.Root }

func (d *draft) note(format string, args ...any) {
	d.notes = append(d.notes, ui.Visible(fmt.Sprintf(format, args...)))
}

// add keeps an entry if a desired state may hold it, and nothing in it may be a secret of
// the user's.
func (d *draft) add(p sources.Entry) bool {
	if plan.Secrecy(plan.Address{p.Key}, p.Value) != plan.Harmless || !d.accepts(p) {
		return false
	}
	d.entries = append(d.entries, p)
	return true
}

func (d *draft) accepts(p sources.Entry) bool {
	_, problems := sources.Try(d.world, p)
	return len(problems) == 0
}

// takeModels takes the models where both are there: the entry model alone would
// also ask for a review_model. Otherwise takeRoot takes what there is.
func (d *draft) takeModels() {
	model, review := d.root().Get("model"), d.root().Get("review_model")
	if model.Kind() == plan.KindString && review.Kind() == plan.KindString && d.add(sources.Entry{Key: "model", Value: model}) {
		if !review.Equal(model) {
			d.add(sources.Entry{Key: "review_model", Value: review})
		}
	}
	if effort := d.root().Get("model_reasoning_effort"); effort.Kind() == plan.KindString {
		d.add(sources.Entry{Key: "reasoning_effort", Value: effort})
	}
}

func (d *draft) has(key string) bool {
	return slices.ContainsFunc(d.entries, func(p sources.Entry) bool { return p.Key == key && !p.Off })
}

// takeRoot takes the plain values at the root that Codex knows: settings where they
// are about the model, else defaults.
func (d *draft) takeRoot() {
	skip := map[string]bool{
		"model_provider": true, "model_reasoning_effort": d.has("reasoning_effort"),
		"model": d.has("model"), "review_model": d.has("model"),
	}
	var ignored []string
	for _, m := range d.root().Members() {
		known, ok := codex.LookupKey(plan.Address{m.Key}, codex.Version{})
		switch {
		case !ok:
			ignored = append(ignored, plan.Address{m.Key}.String())
		case known == nil || known.Refused || skip[m.Key]:
		case m.Value.Kind() != plan.KindTable && d.leaves(m):
		case aboutModels(m.Key):
			d.setting(&d.settings, m)
		default:
			d.setting(&d.defaults, m)
		}
	}
	if len(ignored) > 0 {
		d.note("Codex does not know and ignores %s: what is listed under absent is removed", strings.Join(ignored, ", "))
	}
}

// leaves reports a key of the root with which Codex does not start, and says so: a
// plan would refuse it.
func (d *draft) leaves(m plan.Member) bool {
	why := d.refusal(plan.Table(m), false)
	if why == "" && d.endsKey(m) {
		why = "Codex deletes the auth.json of this home with it"
	}
	if why != "" {
		d.note("%s is left out: %s", m.Key, why)
	}
	return why != ""
}

// endsKey reports a login that Codex takes the key of this home away for.
func (d *draft) endsKey(m plan.Member) bool {
	return m.Key == "forced_login_method" && m.Value.Text() == "chatgpt" && d.snapshot.Observed.Auth.Key.Known()
}

// refusal is why a plan would refuse settings that stand alone in a config.toml, ""
// when it would not. What Codex starts with counts only when it is asked for.
func (d *draft) refusal(root plan.Value, starts bool) string {
	var desired plan.Desired
	for _, m := range root.Members() {
		desired.Settings = append(desired.Settings, plan.Setting{Address: plan.Address{m.Key}, Value: m.Value})
	}
	for _, f := range codex.Check(codex.Checked{Desired: desired, Root: root, File: d.file}) {
		if f.Severity == plan.Error && (f.Stops || starts) {
			return f.Summary
		}
	}
	return ""
}

// leftTables names the tables that stay the user's.
func (d *draft) leftTables() {
	var names []string
	for _, m := range d.root().Members() {
		if m.Value.Kind() == plan.KindTable && m.Key != "model_providers" {
			names = append(names, m.Key)
		}
	}
	if len(names) > 0 {
		d.note("these tables stay the user's; what the policy is to have of them goes below settings: %s", strings.Join(names, ", "))
	}
}

// aboutModels reports a key that belongs to the model or its provider; what else
// stands at the root is more a matter of taste.
func aboutModels(key string) bool {
	return strings.HasPrefix(key, "model") || strings.HasPrefix(key, "openai_") || key == "review_model"
}

// setting keeps a key whose value is plain, and of no machine or person.
func (d *draft) setting(to *[]plan.Member, m plan.Member) {
	if plan.Secrecy(plan.Address{m.Key}, m.Value) == plan.Harmless && plainValue(m.Value) && d.accepts(settingsEntry([]plan.Member{m})) {
		*to = append(*to, m)
	}
}

// plainValue reports a value that can be the same on another machine, and holds no
// key: no table, no list, no path, no address with more than a path behind its host.
func plainValue(v plan.Value) bool {
	switch v.Kind() {
	case plan.KindBool, plan.KindInt, plan.KindFloat:
		return true
	case plan.KindString:
		s := v.Text()
		path := strings.HasPrefix(s, "/") || strings.HasPrefix(s, "~") || strings.Contains(s, `\`)
		return !path && !(strings.Contains(s, "://") && strings.ContainsAny(s, "?@#"))
	}
	return false
}

func settingsEntry(members []plan.Member) sources.Entry {
	return sources.Entry{Key: "settings", Value: plan.Table(members...)}
}

func (d *draft) takeSettings() {
	if len(d.provider) > 0 {
		id := d.root().Get("model_provider").Text()
		d.settings = append(d.settings, plan.Member{
			Key: "model_providers", Value: plan.Table(plan.Member{Key: id, Value: plan.Table(d.provider...)}),
		})
	}
	if len(d.settings) > 0 {
		d.entries = append(d.entries, settingsEntry(d.settings))
	}
	if len(d.defaults) > 0 {
		d.entries = append(d.entries, sources.Entry{
			Comment: "Written while nobody has chosen another value: the user may change it.",
			Key:     "defaults", Value: plan.Table(d.defaults...),
		})
	}
	if len(d.absent) > 0 {
		d.entries = append(d.entries, sources.Entry{
			Comment: "Codex's own default holds. Without these lines it would be written.",
			Key:     "absent", Value: plan.List(d.absent...),
		})
	}
}

// tryOut reads and plans what was written, and notes what a plan would change.
func (d *draft) tryOut() {
	desired, problems := sources.Try(d.world, d.entries...)
	for _, p := range problems {
		d.note("it is not valid yet: %s", p.Message)
	}
	if desired.Secret != nil {
		desired.Secret.Value = d.snapshot.Observed.Auth.Key
	}
	p := plan.Make(desired, d.snapshot.Observed)
	for _, f := range p.Files {
		for _, c := range f.Changes {
			if c.Edits() {
				d.note("a plan of it will %s %s in %s", c.Action, c.Address, f.Path)
			}
		}
		if f.Changed() && f.OldMode != 0 && f.OldMode != f.Mode {
			d.note("a plan of it will narrow the mode of %s from %04o to %04o", f.Path, f.OldMode, f.Mode)
		}
	}
	if len(d.snapshot.Observed.Ledger.Entries) > 0 {
		d.note("codexform manages this home already: the desired state that it was set up from says more")
	}
}
