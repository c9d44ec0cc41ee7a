package vault

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// mount is a secrets engine as Vault describes it to those who may use it.
type mount struct {
	path    string // without a final slash
	kind    string
	version string // of kv
}

// mountOf asks which mount serves the secret's path, once. It needs no right but
// one somewhere below that mount.
func (r *reading) mountOf(ctx context.Context) mount {
	if r.mount == nil {
		m := r.askMount(ctx, r.config.Mount+"/"+r.config.Path)
		r.mount = &m
	}
	return *r.mount
}

func (r *reading) askMount(ctx context.Context, place string) mount {
	answer, err := r.login.conn.do(ctx, call{
		method: http.MethodGet, token: r.token, noRetry: true,
		path: "sys/internal/ui/mounts/" + place,
	})
	if err != nil {
		return mount{}
	}
	path, _ := answer.Data["path"].(string)
	kind, _ := answer.Data["type"].(string)
	options, _ := answer.Data["options"].(map[string]any)
	version, _ := options["version"].(string)
	path = strings.Trim(path, "/")
	if !strings.HasPrefix(place, path+"/") {
		return mount{} // nothing that we asked for
	}
	return mount{path, kind, version}
}

// known reports whether Vault told us of the mount.
func (m mount) known() bool { return m.path != "" }

// engine is the mount's engine, "" when it is no KV.
func (m mount) engine() Engine {
	switch {
	case m.kind != "kv" && m.kind != "generic":
		return ""
	case m.version == "2":
		return EngineKV2
	}
	return EngineKV1
}

// covers reports whether the mount is the one that the desired state names.
func (m mount) covers(c Config) bool { return m.path == c.Mount }

// wrongMount is a mount: that ends before or after the real one does.
func (c *Client) wrongMount(m mount) *Error {
	rest := strings.TrimPrefix(c.config.Mount+"/"+c.config.Path, m.path+"/")
	if m.engine() == EngineKV2 {
		rest = withoutKind(rest)
	}
	return &Error{
		Kind: KindMount, Status: 404,
		Message: fmt.Sprintf("%q is not a mount of Vault at %s: %q is", c.config.Mount, c.login.conn.where, m.path),
		Hint:    fmt.Sprintf("write mount: %s and path: %s", m.path, rest),
	}
}

func (r *reading) noMount(ctx context.Context) *Error {
	e := &Error{
		Kind: KindMount, Status: 404,
		Message: fmt.Sprintf("no secrets engine is mounted at %q of Vault at %s", r.config.Mount, r.login.conn.where),
		Hint:    "vault secrets list shows the mounts; is it the right server and namespace?",
	}
	if elsewhere := r.elsewhere(ctx); elsewhere != "" {
		e.Hint = "write " + elsewhere
	}
	return e
}

func (c *Client) notKV(m mount) *Error {
	return &Error{
		Kind: KindMount, Status: 404,
		Message: fmt.Sprintf("the mount %q of Vault at %s holds no KV secrets", m.path, c.login.conn.where),
		Hint:    "set mount to a secrets engine of the type kv: vault secrets list",
	}
}

func (c *Client) wrongEngine(m mount) *Error {
	e := &Error{
		Kind: KindMount, Status: 404,
		Message: fmt.Sprintf("the mount %q of Vault at %s is %s, and engine is %s", m.path, c.login.conn.where, m.engine(), c.config.Engine),
		Hint:    fmt.Sprintf("set engine: %s, or leave it out", m.engine()),
	}
	if meant := c.meant(); meant != "" {
		e.Hint += ", and write " + meant
	}
	return e
}

func (c *Client) hasDataPrefix(m mount) bool {
	return m.engine() == EngineKV2 && strings.HasPrefix(c.config.Path, "data/")
}

func (c *Client) dataPrefix() *Error {
	return &Error{
		Kind: KindPath, Status: 404,
		Message: fmt.Sprintf("there is no secret %s: the path begins with data/, which is added for KV version 2", c.place()),
		Hint:    "write " + c.meant(),
	}
}
