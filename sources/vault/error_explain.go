package vault

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// errOtherEngine is an answer that the engine we took the mount for does not give.
var errOtherEngine = errors.New("the answer of another engine")

// explain finds out what a read that was refused means. Vault says the same for a
// bad token, a missing right and a missing secret; two questions tell them apart.
func (r *reading) explain(ctx context.Context, err error) error {
	if !isUnclear(err) {
		return r.unlessOurs(err)
	}
	m := r.mountOf(ctx)
	if e := r.misread(m); m.known() && e != nil {
		return e
	}
	switch forbidden := asRefusal(err, 403) != nil; {
	case forbidden && !m.known() && !r.tokenWorks(ctx):
		if r.config.Auth.Method != MethodToken {
			return r.outOfReach()
		}
		return r.badToken()
	case forbidden:
		return r.denied(m.engine())
	case !m.known() && err == errOtherEngine:
		return r.login.conn.broken(ctx, errNotVault)
	case !m.known():
		return r.noMount()
	case r.config.Version > 0:
		return r.noSuchVersion(ctx)
	}
	return r.noSecret()
}

// misread is what the desired state says of a mount that is not so, or nil.
func (c *Client) misread(m mount) error {
	switch {
	case !m.covers(c.config):
		return c.wrongMount(m)
	case m.engine() == "":
		return c.notKV(m)
	case c.config.Engine != EngineAuto && c.config.Engine != m.engine():
		return c.wrongEngine(m)
	case c.hasDataPrefix(m):
		return c.dataPrefix()
	}
	return nil
}

// unlessOurs passes an *Error through. What else comes is a status that no reading
// of a secret has.
func (c *Client) unlessOurs(err error) error {
	var r *refusal
	if !errors.As(err, &r) {
		return err
	}
	return &Error{
		Kind: KindProtocol, Status: r.status, Hint: hintNotVault,
		Message: fmt.Sprintf("%s answers %d to reading %s/%s", c.login.conn.where, r.status, c.config.Mount, c.config.Path),
	}
}

// tokenWorks asks whether Vault knows the token. It may also say no because the
// token's policies do not let it ask.
func (r *reading) tokenWorks(ctx context.Context) bool {
	_, err := r.login.conn.do(ctx, call{method: http.MethodGet, path: "auth/token/lookup-self", token: r.token, noRetry: true})
	return err == nil
}

func (c *Client) badToken() *Error {
	return &Error{
		Kind: KindToken, Status: 403,
		Message: fmt.Sprintf("Vault at %s does not take the token (403)", c.login.conn.where),
		Hint:    "it is expired, revoked, used up, for another server, or not for this machine's address: run vault login, or set a new one",
	}
}

func (c *Client) role() string {
	if c.config.Auth.Role == "" {
		return ""
	}
	return fmt.Sprintf(" %q", c.config.Auth.Role)
}

// denied names the line of a policy that is missing.
func (c *Client) denied(e Engine) *Error {
	if e == "" && c.config.Engine != EngineAuto {
		e = c.config.Engine
	}
	path := c.apiPath(e)
	err := &Error{
		Kind: KindDenied, Status: 403,
		Message: fmt.Sprintf("Vault at %s does not allow reading %s (403): the token is good, its policies do not cover the path", c.login.conn.where, path),
		Policy:  fmt.Sprintf("path %q { capabilities = [\"read\"] }", path),
	}
	err.Hint = "a policy of the token" + c.loginRole() + " needs: " + err.Policy
	if e == "" {
		err.Hint += fmt.Sprintf(" (for a KV version 1 mount: path %q)", c.apiPath(EngineKV1))
	}
	if meant := c.meant(); meant != "" {
		err.Hint += "; or is it " + meant + "?"
	}
	return err
}

// outOfReach is a login that worked a moment ago and whose token may read nothing there.
func (c *Client) outOfReach() *Error {
	e := c.denied("")
	e.Kind = KindToken // a new login may help: the token can be used up
	e.Message = fmt.Sprintf("Vault at %s does not allow reading %s (403): the login worked, and its token may see no mount %q",
		c.login.conn.where, c.apiPath(""), c.config.Mount)
	e.Hint = "is the mount right (vault secrets list)? Did the token end before the read (token_ttl, token_num_uses, token_bound_cidrs of the role" + c.role() + ")? Otherwise " + e.Hint
	return e
}

// meant is how the place was meant, where the path holds more than a path: the API's
// v1/, the mount, data/ or metadata/, or the field; "" where it holds none of them.
func (c *Client) meant() string {
	path, field, _ := strings.Cut(c.config.Path, "#")
	path = strings.TrimPrefix(path, "v1/")
	path = strings.TrimPrefix(path, c.config.Mount+"/")
	path = strings.TrimPrefix(strings.TrimPrefix(path, "data/"), "metadata/")
	switch {
	case path == c.config.Path || path == "":
		return ""
	case field != "":
		return "path: " + path + " with field: " + field
	}
	return "path: " + path
}

// loginRole says whose token it is, where a role is known.
func (c *Client) loginRole() string {
	if r := c.role(); r != "" {
		return " of role" + r
	}
	return ""
}

func (c *Client) noSecret() *Error {
	return &Error{
		Kind: KindPath, Status: 404,
		Message: "there is no secret " + c.place(),
		Hint:    c.whatIsThere(),
	}
}

func (c *Client) whatIsThere() string {
	if meant := c.meant(); meant != "" {
		return "write " + meant + ": the path is what follows the mount, without data/"
	}
	return fmt.Sprintf("vault kv list -mount=%s %s shows what is there", c.config.Mount, parent(c.config.Path))
}

func parent(path string) string {
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		return path[:i]
	}
	return "/"
}

// noSuchVersion tells a version that never was from a secret that never was.
func (r *reading) noSuchVersion(ctx context.Context) error {
	c := *r.Client
	c.config.Version = 0
	newest := &reading{Client: &c, token: r.token}
	_, version, err := newest.readV2(ctx)
	if err != nil && !isKind(err, KindVersion) {
		return c.noSecret()
	}
	e := &Error{
		Kind: KindVersion, Status: 404,
		Message: fmt.Sprintf("there is no version %d of %s", r.config.Version, r.place()),
		Hint:    "it was never written, or is older than the versions that the mount keeps",
	}
	if version != "" {
		e.Hint += "; the newest is " + version
	}
	return e
}
