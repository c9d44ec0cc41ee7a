package sources

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/codexform/codexform/plan"
)

// builder makes a merged tree mean something.
type builder struct {
	World
	*problems
	root  *node
	names []string // of the files, as they were given

	written  *written
	secretID string
}

func build(w World, root *node, names []string, ps *problems) *Policy {
	if root == nil {
		return nil
	}
	root = homeSpelt(root)
	b := builder{World: w, problems: ps, root: root, names: names, written: &written{}}
	b.root = b.expanded()
	b.fit()
	secret, source := (&b).secret()
	d := b.desired(secret)
	if len(ps.list) == 0 && d.Provider == nil && len(d.Settings) == 0 && len(d.Absent) == 0 && len(d.Repair) == 0 {
		b.at(root.at, "the file manages nothing", "name a model, a provider, settings or absent keys")
	}
	d.Digest, d.Facts = b.digestAsWritten(root, d), facts(root)
	return &Policy{
		Desired: d, CodexHome: b.path(b.root.get("codex_home")), Codex: b.root.get("codex").text(), Source: source,
		Version: b.policyVersion(), Rollout: b.rollout(), Warnings: ps.warnings, written: b.written,
		secretID: b.secretID, variables: b.homeVariables(root.get("codex_home")),
	}
}

// desired is what the policy asks for, but for its digest.
func (b builder) desired(secret *plan.Wanted) plan.Desired {
	d := plan.Desired{
		Files:    slices.Clone(b.names),
		Paths:    b.paths(),
		Delivery: b.delivery(),
		Provider: b.provider(),
		Secret:   secret,
	}
	d.Settings, d.Absent = b.settings(d)
	if d.System = b.system(); b.root.get("enforce").isTrue() {
		d.Pins = pins(d)
	}
	d.Repair = b.repair()
	d.Confirm = b.confirm(d)
	return d
}

// digestAsWritten is the digest of the policy with its placeholders in it: one policy
// has one digest on all machines.
func (b builder) digestAsWritten(root *node, d plan.Desired) string {
	wrong := len(b.list) > 0
	b.problems = &problems{files: b.files}
	if wrong || root.placeholders() {
		b.root = root
		return b.digest(b.desired(nil))
	}
	d.Secret = nil
	d.Confirm = b.confirm(d)
	return b.digest(d)
}

// expanded is the policy with its placeholders replaced, and judged again where there
// was one. What is below secret is expanded where its source is made.
func (b builder) expanded() *node {
	out := *b.root
	out.fields = nil
	for _, f := range b.root.fields {
		path := plan.Address{f.name}
		e := expander{World: b.World, problems: b.problems, written: b.written}
		switch f.name {
		case "secret":
			out.fields = append(out.fields, f)
			continue
		case "codex_home":
			e.env = true
		case "settings", "defaults", "absent":
			e.codex = true
		}
		e.everyone = b.system()
		before := len(b.list)
		value := e.all(f.value, path)
		if i := slices.IndexFunc(rootShape.keys, func(k key) bool { return k.name == f.name }); i >= 0 && len(b.list) == before && !e.codex && !b.AsWritten {
			checker{b.problems}.node(value, rootShape.keys[i].shape, path)
		}
		out.fields = append(out.fields, field{f.name, value})
	}
	return &out
}

// path is an expanded path; a relative one starts at the folder of its file, so
// that it means the same from wherever it is used.
func (b builder) path(n *node) string {
	p := n.text()
	if b.OS == "windows" && p != "" {
		if done, ok := b.windowsPath(n, p); ok {
			return done
		}
	}
	if p == "" || filepath.IsAbs(p) || nowhere(n.at.File) || strings.HasPrefix(p, "${") {
		return p
	}
	return filepath.Join(filepath.Dir(n.at.File), p)
}

// windowsPath is a path that starts neither at a folder nor at a drive's root, and
// whether p is one: \keys lies on the policy's drive, and C:keys nobody can say where.
func (b builder) windowsPath(n *node, p string) (string, bool) {
	switch {
	case len(p) > 1 && p[1] == ':' && (len(p) == 2 || p[2] != '\\' && p[2] != '/'):
		b.at(n.at, "a drive without a whole path: it would start at that drive's present folder", `write it from the root, as in C:\keys\codex`)
	case (p[0] == '\\' || p[0] == '/') && (len(p) == 1 || p[1] != '\\' && p[1] != '/'):
		return filepath.VolumeName(b.folder(n.at.File)) + p, true
	default:
		return "", false
	}
	return p, true
}

// nowhere reports a policy that lies in no folder: the standard input, or a pipe.
func nowhere(file string) bool {
	return file == stdinName || strings.HasPrefix(file, "/dev/fd/") || strings.HasPrefix(file, "/proc/self/fd/")
}

// folder is the folder of a file, absolute; of the standard input, where we are.
func (b builder) folder(file string) string {
	switch dir := filepath.Dir(file); {
	case nowhere(file):
		return b.Dir
	default:
		return b.whole(dir)
	}
}

// whole is a name with the folder that it starts from: where we are, or, for \policies on
// Windows, the root of that folder's drive.
func (b builder) whole(name string) string {
	switch {
	case filepath.IsAbs(name):
		return name
	case b.OS == "windows" && name != "" && os.IsPathSeparator(name[0]):
		return filepath.VolumeName(b.Dir) + filepath.Clean(name)
	}
	return filepath.Join(b.Dir, name)
}

// fit reports parts that need another part.
func (b builder) fit() {
	provider, secret, delivery := b.root.get("provider"), b.root.get("secret"), b.delivery()
	b.fitLayer(provider, delivery)
	if provider == nil {
		for _, name := range []string{"secret", "delivery", "confirm"} {
			if n := b.root.get(name); n != nil && !isFalse(n.get("enabled")) && !misspelt(b.root, "provider") {
				b.at(n.key, name+": there is no provider", "add one, or remove "+name)
			}
		}
		return
	}
	if provider.kind == table && provider.get("base_url") == nil && !misspelt(provider, "base_url") && !meantURLKey(provider) {
		b.at(provider.key, "provider: base_url is missing", "")
	}
	envKey := provider.get("env_key")
	if header := provider.get("auth_header"); header != nil && delivery != plan.DeliveryEnvKey {
		b.at(header.key, "provider.auth_header: Codex sends a key from auth.json or a command as Authorization: Bearer only",
			"use delivery: env_key, or remove it")
	}
	switch {
	case delivery == plan.DeliveryEnvKey && envKey == nil:
		b.at(b.root.get("delivery").at, "delivery: env_key needs the name of the variable", "give provider.env_key")
	case delivery != plan.DeliveryEnvKey && envKey != nil:
		b.at(envKey.key, "provider.env_key: Codex would take the variable's value instead of the secret",
			"use delivery: env_key, or remove it")
	case delivery == plan.DeliveryCommand && secret == nil:
		b.at(b.root.get("delivery").at, "delivery: command needs a secret to print", "name its source under secret")
	case delivery == plan.DeliveryCommand && slices.Contains(b.names, "-"):
		b.at(b.root.get("delivery").at, "delivery: command runs codexform again, which cannot read this standard input",
			"give the policy as a file")
	}
}

func isFalse(n *node) bool { return n != nil && n.value.Kind() == plan.KindBool && !n.value.True() }

func (b builder) delivery() plan.Delivery {
	if d := b.root.get("delivery").text(); d != "" {
		return plan.Delivery(d)
	}
	return plan.DeliveryAuthJSON
}

func (b builder) provider() *plan.Provider {
	p := b.root.get("provider")
	if p == nil {
		return nil
	}
	url := p.get("base_url")
	out := &plan.Provider{
		ID:      cmp.Or(p.get("id").text(), defaultProviderID),
		BaseURL: url.text(),
		EnvKey:  p.get("env_key").text(),

		AuthHeader: p.get("auth_header").text(),
		Origin:     originOf(url, p),
	}
	out.Name = cmp.Or(p.get("name").text(), host(out.BaseURL))
	if name := b.root.get("settings", "model_providers", out.ID, "name").text(); name != "" {
		out.Name = name
	}
	return out
}

func (b builder) confirm(d plan.Desired) plan.Confirm {
	n := b.root.get("confirm")
	out := plan.Confirm{
		Enabled:   d.Provider != nil && (d.Secret != nil || d.Provider.EnvKey != ""),
		Models:    n.get("models").texts(),
		Timeout:   10 * time.Second,
		Attempts:  3,
		OnFailure: plan.OnFailureRollback,
	}
	if enabled := n.get("enabled"); enabled != nil {
		out.Enabled = d.Provider != nil && !isFalse(enabled)
	}
	if n.get("models") == nil {
		out.Models = modelsOf(d.Settings)
	}
	if t, err := time.ParseDuration(n.get("timeout").text()); err == nil {
		out.Timeout = t
	}
	if a := n.get("attempts"); a != nil {
		out.Attempts = int(a.value.Int64())
	}
	if f := n.get("on_failure").text(); f != "" {
		out.OnFailure = plan.OnFailure(f)
	}
	return out
}

// modelsOf are the models that the settings make Codex use, each once.
func modelsOf(settings []plan.Setting) []string {
	var out []string
	for _, key := range []string{"model", "review_model"} {
		for _, s := range settings {
			name := s.Value.Text()
			if s.Address.Equal(plan.Address{key}) && name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// originOf is the place of the first node that there is.
func originOf(nodes ...*node) plan.Origin {
	for _, n := range nodes {
		if n != nil {
			return n.at
		}
	}
	return plan.Origin{}
}

// paths are the files' places, none where one of them is no file or nobody said in
// which folder we are.
func (b builder) paths() []string {
	var out []string
	for _, name := range b.names {
		name = b.whole(name)
		if !filepath.IsAbs(name) || filepath.Base(name) == "-" {
			return nil
		}
		out = append(out, name)
	}
	return out
}
