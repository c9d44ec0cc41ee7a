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
			return r.outOfReach(ctx)
		}
		return r.badToken()
	case forbidden:
		return r.denied(ctx, m)
	case !m.known() && err == errOtherEngine:
		return r.login.conn.broken(ctx, errNotVault)
	case !m.known():
		return r.noMount(ctx)
	case r.config.Version > 0:
		return r.noSuchVersion(ctx)
	}
	return r.noSecret(ctx)
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

// tokenWorks asks whether Vault knows the token. A token whose policies do not let it ask
// is told apart from one that is none by how Vault says no.
func (r *reading) tokenWorks(ctx context.Context) bool {
	_, err := r.login.conn.do(ctx, call{method: http.MethodGet, path: "auth/token/lookup-self", token: r.token, noRetry: true})
	no := asRefusal(err, 403)
	return err == nil || no != nil && no.says("* permission denied") && !no.says("invalid token", "bad token")
}

func (c *Client) badToken() *Error {
	return &Error{
		Kind: KindToken, Status: 403,
		Message: fmt.Sprintf("Vault at %s does not take the token (403)", c.login.conn.where),
		Hint: "it is expired, revoked, used up, for another server, or not for this machine's address: run vault login, or set a new one; " +
			"one that wraps a token wants auth.token with wrapped: true",
	}
}

func (c *Client) role() string {
	if c.config.Auth.Role == "" {
		return ""
	}
	return fmt.Sprintf(" %q", c.config.Auth.Role)
}

// denied names the line of a policy that is missing, or the place that was meant.
func (r *reading) denied(ctx context.Context, m mount) *Error {
	e := m.engine()
	if e == "" && r.config.Engine != EngineAuto {
		e = r.config.Engine
	}
	path := r.apiPath(e)
	err := &Error{
		Kind: KindDenied, Status: 403,
		Message: fmt.Sprintf("Vault at %s does not allow reading %s (403): the token is good, its policies do not cover the path", r.login.conn.where, path),
		Policy:  policyLine(path),
	}
	meant := r.meant()
	if elsewhere := r.elsewhere(ctx); meant == "" && elsewhere != "" {
		err.Hint, err.Policy = "write "+elsewhere, ""
		return err
	}
	if meant != "" && r.sure() {
		right := *r.Client
		right.config.Path = Meant(r.config.Mount, r.config.Path).Path
		err.Message = fmt.Sprintf("Vault at %s does not allow reading %s/%s (403): the token is good, its policies do not cover the path", r.login.conn.where, r.config.Mount, r.config.Path)
		err.Policy = policyLine(right.apiPath(e))
		err.Hint = "write " + meant + ": the path is what follows the mount, without data/; a policy of the token" + r.loginRole() + " for it is " + err.Policy
		return err
	}
	err.Hint = "a policy of the token" + r.loginRole() + " needs: " + err.Policy
	if e == "" {
		err.Hint += fmt.Sprintf(" (for a KV version 1 mount: path %q)", r.apiPath(EngineKV1))
	}
	switch {
	case meant != "":
		err.Hint = "is it " + meant + "? Otherwise " + err.Hint
	case !m.known():
		err.Hint = fmt.Sprintf("is the mount %q right (vault secrets list)? Otherwise %s", r.config.Mount, err.Hint)
	}
	return err
}

func policyLine(path string) string {
	return fmt.Sprintf("path %q { capabilities = [\"read\"] }", path)
}

// outOfReach is a login that worked a moment ago and whose token may read nothing there.
func (r *reading) outOfReach(ctx context.Context) *Error {
	e := r.denied(ctx, mount{})
	e.Kind = KindToken // a new login may help: the token can be used up
	e.Message = fmt.Sprintf("Vault at %s does not allow reading %s (403): the login worked, and its token may see no mount %q",
		r.login.conn.where, r.apiPath(""), r.config.Mount)
	e.Hint = "did the token end before the read (token_ttl, token_num_uses, token_bound_cidrs of the role" + r.role() + ")? Otherwise " + e.Hint
	return e
}

// loginRole says whose token it is, where a role is known.
func (c *Client) loginRole() string {
	if r := c.role(); r != "" {
		return " of role" + r
	}
	return ""
}

func (r *reading) noSecret(ctx context.Context) *Error {
	return &Error{
		Kind: KindPath, Status: 404,
		Message: "there is no secret " + r.place(),
		Hint:    r.whatIsThere(ctx),
	}
}

func (r *reading) whatIsThere(ctx context.Context) string {
	if meant := r.meant(); meant != "" {
		return "write " + meant + ": the path is what follows the mount, without data/"
	}
	if elsewhere := r.elsewhere(ctx); elsewhere != "" {
		return "write " + elsewhere
	}
	if Meant(r.config.Mount, r.config.Path).Path == "" {
		return r.list("")
	}
	return r.list(r.config.Path)
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
		return newest.noSecret(ctx)
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
