package sources

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/sources/vault"
)

// secret is the secret that the policy names, and the source that knows it.
func (b *builder) secret() (*plan.Wanted, Source) {
	raw := b.root.get("secret")
	if raw == nil || raw.kind != table {
		return nil, nil
	}
	if b.Given != nil {
		return b.given(raw)
	}
	n := expander{World: b.World, problems: b.problems, env: true, written: b.written}.all(raw, plan.Address{"secret"})
	b.secretID = n.toValue().TOML()
	checker{b.problems}.node(n, secretRoot, plan.Address{"secret"})
	source := b.source(n)
	if source == nil {
		return nil, nil
	}
	wanted := &plan.Wanted{Ref: b.written.text(string(source.Ref())), Origin: raw.at}
	if v, ok := source.(vaultSource); ok {
		wanted.Pinned = v.config.PinnedVersion()
	}
	return wanted, asWritten{source, b.written}
}

// source makes the source of a table with one key; nil when the table is wrong.
func (b builder) source(n *node) Source {
	if len(n.fields) != 1 || n.fields[0].value.kind == bad {
		return nil
	}
	switch v := n.fields[0].value; n.fields[0].name {
	case "env":
		return envSource{v.text(), b.LookupEnv}
	case "file":
		return b.file(v)
	case "command":
		return b.command(v)
	case "vault":
		return b.vault(v)
	case "credential":
		return credentialSource{b.disk(), v.text(), b.getenv}
	case "keyring":
		return keyringSource{v.get("service").text(), v.get("user").text(), systemKeyring(b.World), keyringTimeout}
	case "first_of":
		return b.firstOf(v)
	}
	return nil
}

func (b builder) file(n *node) Source {
	if n.kind == scalar {
		return fileSource{b.disk(), b.path(n)}
	}
	return fieldSource{b.disk(), b.path(n.get("path")), n.get("format").text(), n.get("field").text()}
}

func (b builder) firstOf(n *node) Source {
	var out firstOf
	for _, item := range n.items {
		if source := b.source(item); source != nil {
			out.sources = append(out.sources, source)
		}
	}
	return out
}

func (b builder) command(n *node) Source {
	argv := n.texts()
	if len(argv) == 0 {
		return nil
	}
	for i, arg := range argv {
		if strings.HasPrefix(arg, "~/") || strings.HasPrefix(arg, `~\`) {
			b.at(n.items[i].at, "command: ~ is not expanded here: no shell reads this", "write ${home} instead")
		}
	}
	if strings.ContainsAny(argv[0], `/\`) {
		// A whole path: without its folder the name would be looked for on the PATH, where
		// another program may have it, and with it in the folder that the program runs in.
		if argv[0] = b.path(n.items[0]); !strings.HasPrefix(argv[0], "${") {
			argv[0] = b.whole(argv[0])
		}
	}
	hide := b.variables(b.root.get("secret"))
	return commandSource{argv, b.folder(n.at.File), b.environ, hide, commandTimeout}
}

// variables are the names of all variables that the policy takes a secret from.
func (b builder) variables(n *node) []string {
	if n == nil {
		return nil
	}
	var out []string
	for _, item := range n.items {
		out = append(out, b.variables(item)...)
	}
	for _, f := range n.fields {
		if f.name == "env" && f.value.kind == scalar {
			out = append(out, f.value.text())
		}
		out = append(out, b.variables(f.value)...)
	}
	return out
}

func (b builder) vault(n *node) Source {
	c := b.vaultConfig(n)
	b.rarelyMeant(n.get("path"), n, c)
	var e *vault.Error
	if err := c.Check(b.LookupEnv); errors.As(err, &e) && len(b.list) == 0 {
		if plan.LooksSecret(e.Message) {
			e.Message = "a name in it cannot be right"
		}
		b.at(n.key, "secret.vault: "+b.written.text(e.Message), b.written.text(e.Hint))
	}
	return newVaultSource(b.World, c)
}

// rarelyMeant warns of a path of Vault's API, or of one that begins with its mount: what
// people copy from a command or an address.
func (b builder) rarelyMeant(path, n *node, c vault.Config) {
	mount := cmp.Or(c.Mount, "secret") + "/"
	rest, mounted := strings.CutPrefix(path.text(), mount)
	below, data := strings.CutPrefix(rest, "data/")
	if path == nil || path.kind == bad || !mounted && !data || c.Engine == vault.EngineKV1 && !mounted || below == "" {
		return
	}
	b.warn(plan.Diagnostic{
		Severity: plan.Warning, Rule: "rarely-meant", Origin: path.at,
		Summary: "secret.vault.path: a path is below its mount, and without the data/ of Vault's API: this one begins with " + strings.TrimSuffix(path.text(), below),
		Fix:     cmp.Or(write("path: "+below), "write what is below the mount") + ", unless there is a folder of that name",
	})
}

func (b builder) vaultConfig(n *node) vault.Config {
	auth := n.get("auth")
	timeout, _ := time.ParseDuration(n.get("timeout").text())
	c := vault.Config{
		Address:    n.get("address").text(),
		Namespace:  n.get("namespace").text(),
		Mount:      n.get("mount").text(),
		Path:       n.get("path").text(),
		Field:      n.get("field").text(),
		Engine:     vault.Engine(n.get("engine").text()),
		CACert:     b.path(n.get("ca_cert")),
		ClientCert: b.path(n.get("client_cert")),
		ClientKey:  b.path(n.get("client_key")),
		Timeout:    timeout,
		Auth: vault.Auth{
			Method:   vault.Method(auth.get("method").text()),
			Mount:    auth.get("mount").text(),
			Role:     auth.get("role").text(),
			RoleID:   auth.get("role_id").text(),
			Username: auth.get("username").text(),
			Token:    b.parameter(auth.get("token")),
			SecretID: b.parameter(auth.get("secret_id")),
			JWT:      b.parameter(auth.get("jwt")),
			Password: b.parameter(auth.get("password")),
		},
	}
	if v := n.get("version"); v != nil {
		c.Version = int(v.value.Int64())
	}
	return c
}

func (b builder) parameter(n *node) vault.Parameter {
	p := vault.Parameter{Env: n.get("env").text(), File: b.path(n.get("file"))}
	if w := n.get("wrapped"); w != nil {
		p.Wrapped = w.value.True()
	}
	if g := n.get("github_actions"); g != nil {
		p.GitHubActions, p.Audience = true, g.get("audience").text()
	}
	return p
}
