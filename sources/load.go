package sources

import (
	"context"
	"errors"
	"path/filepath"
	"sort"
	"strings"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/rollout"
	"github.com/spf13/afero"
)

// Policy is the desired state as the files say it, with the way to its secret.
type Policy struct {
	Desired   plan.Desired // its Secret is not known yet
	CodexHome string       // codex_home, expanded; "" when the files do not say
	Source    Source       // nil when the policy names no secret
	// Version is policy_version, 0 when the files do not say; Rollout who follows when.
	Version int64
	Rollout rollout.Rollout
	// Codex is the range of Codex versions that will read the files, "" when the files
	// do not say.
	Codex    string
	Warnings []plan.Diagnostic // what is no error, and still not right

	problems  *problems // how the files were named, and their lines
	written   *written
	secretID  string
	variables map[string]string
}

// Written is a text in which what came from ${env.NAME} stands again as the policy says it.
func (p *Policy) Written(text string) string { return p.written.text(text) }

// Refused is findings about lines of the policy in the form of an error of Load, nil for
// none.
func (p *Policy) Refused(found []plan.Diagnostic) error {
	ps := *p.problems
	for _, d := range found {
		ps.add(Problem{Origin: d.Origin, Rule: d.Rule, Message: d.Summary, Fix: d.Fix})
	}
	return ps.err()
}

// Load reads files, folders (their *.yaml, by name) and "-", the standard input,
// and merges them: later ones win. Every problem of all of them comes back in one
// error; Problems lists them. Load does not touch any secret. A World without what it needs
// is another error, and so is context.Canceled, of a run that was told to end.
func Load(w World, names []string) (*Policy, error) {
	if err := w.lacks(); err != nil {
		return nil, err
	}
	ps := &problems{}
	var root *node
	for _, d := range documents(w, names, ps) {
		tree := w.read(d, ps)
		if tree != nil {
			root = merge(root, tree, "secret")
		}
	}
	p := build(w, root, names, ps)
	if err := ps.err(); err != nil {
		return nil, err
	}
	p.problems = ps
	return p, nil
}

// document is one file as it was read.
type document struct {
	name string
	data []byte
}

func documents(w World, names []string, ps *problems) []document {
	var out []document
	for _, name := range names {
		if name == "-" {
			out = append(out, stdin(w, ps)...)
			continue
		}
		if text, ok := w.Texts[name]; ok {
			ps.files = append(ps.files, name)
			out = append(out, document{name, text})
			continue
		}
		for _, file := range files(w, name, ps) {
			ps.files = append(ps.files, file)
			data, info, err := w.disk().read(file)
			if errors.Is(err, context.Canceled) {
				ps.ended = err
				return out
			}
			if err != nil {
				ps.at(plan.Origin{File: file}, unread(err), hintFor(err))
				continue
			}
			w.judge(file, info, ps)
			out = append(out, document{file, data})
		}
	}
	return out
}

// unread says why a policy could not be read.
func unread(err error) string {
	var large *bounded.TooLargeError
	if errors.As(err, &large) {
		return "the file " + large.Error()
	}
	return reason(err)
}

func hintFor(err error) string {
	var irregular *bounded.NotRegularError
	if errors.As(err, &irregular) {
		return "give a file, a folder, or - for standard input"
	}
	if errors.Is(err, afero.ErrFileNotFound) {
		return "codexform init writes one to start from"
	}
	return ""
}

// stdinName is the standard input in messages.
const stdinName = "<stdin>"

func stdin(w World, ps *problems) []document {
	ps.files = append(ps.files, stdinName)
	if w.Stdin == nil {
		return []document{{stdinName, nil}}
	}
	data, err := w.Pipes.Stream(w.Stdin, maxFile)
	if errors.Is(err, context.Canceled) {
		ps.ended = err
		return nil
	}
	if err != nil {
		if bounded.Refused(err) {
			ps.at(plan.Origin{File: stdinName, Place: plan.Place{Line: 1, Column: 1}}, "the file "+err.Error(), "")
			return nil
		}
		ps.at(plan.Origin{File: stdinName, Place: plan.Place{Line: 1, Column: 1}}, "standard input could not be read", "")
		return nil
	}
	return []document{{stdinName, data}}
}

// files are the files that a name means: itself, or the *.yaml of a folder.
func files(w World, name string, ps *problems) []string {
	info, err := w.Fs.Stat(name)
	if err != nil || !info.IsDir() {
		return []string{name}
	}
	entries, err := afero.ReadDir(w.Fs, name)
	var out []string
	passed := false
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".yml") && !strings.HasPrefix(e.Name(), ".") {
			ps.files = append(ps.files, filepath.Join(name, e.Name()))
			ps.at(plan.Origin{File: filepath.Join(name, e.Name())}, "is passed over: of a folder the *.yaml are read", "rename it to "+strings.TrimSuffix(e.Name(), ".yml")+".yaml, or move it away")
			passed = true
		}
		if strings.HasSuffix(e.Name(), ".yaml") && !strings.HasPrefix(e.Name(), ".") {
			out = append(out, filepath.Join(name, e.Name()))
		}
	}
	if err != nil || len(out) == 0 && !passed {
		ps.files = append(ps.files, name)
		ps.at(plan.Origin{File: name}, "the folder has no *.yaml to read", "")
	}
	sort.Strings(out)
	return out
}

// read makes a checked tree of one file, nil when it is beyond reading.
func (w World) read(d document, ps *problems) *node {
	text, ok := checkText(d.name, d.data, ps)
	if !ok {
		return nil
	}
	tree := parse(d.name, text, ps)
	if tree == nil {
		return nil
	}
	if n := tree.get("requires"); w.tooOld(n.text()) {
		ps.at(n.at, "requires: this policy wants codexform "+n.text()+", and this is "+w.Version, "install a newer codexform; what this one would not know is not looked at")
		return nil
	}
	checker{ps}.node(tree, rootShape, nil)
	if tree.kind != table {
		return nil
	}
	return tree
}

// Resolve asks the policy's source for the secret and returns the desired state
// with it, and what people should know about the source. An error is an *Error, or an
// *UntrustedError: whoever forgot to ask runs no program of such a policy.
func (p *Policy) Resolve(ctx context.Context) (plan.Desired, []string, error) {
	d := p.Desired
	if p.Source == nil {
		return d, nil, nil
	}
	if err := p.Trusted(); err != nil {
		return d, nil, err
	}
	got, err := p.Source.Fetch(ctx)
	if err != nil {
		return d, nil, err
	}
	wanted := *d.Secret
	wanted.Value, wanted.Version = got.Secret, got.Version
	if got.Ref != "" {
		wanted.Ref = string(got.Ref)
	}
	d.Secret = &wanted
	return d, got.Warnings, nil
}

// Skip is the desired state for a plan that asks no source: its secret will be
// known at apply.
func (p *Policy) Skip() plan.Desired { return p.Desired.WithoutSecret("") }

// SingleUse reports that resolving spends what the secret is fetched with, such as
// a wrapping token: a plan must leave that to the apply after it.
func (p *Policy) SingleUse() bool {
	once, ok := p.Source.(interface{ SingleUse() bool })
	return ok && once.SingleUse()
}

// Close gives back what was obtained on the way to the secret, such as a login.
func (p *Policy) Close(ctx context.Context) error {
	if c, ok := p.Source.(closer); ok {
		return c.Close(ctx)
	}
	return nil
}

// closer is a Source that holds something while it is in use.
type closer interface{ Close(context.Context) error }
