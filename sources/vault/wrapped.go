package vault

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/hashicorp/vault/api"
)

// wrapping is a kind of value that comes wrapped, and who may have wrapped it.
type wrapping struct {
	key     string // in the desired state
	what    string // for people
	created func(path string, a Auth) bool
	command func(a Auth) string // that makes one
}

var wrappedSecretID = wrapping{
	key: "auth.secret_id", what: "a secret-id",
	created: func(path string, a Auth) bool {
		rest, ok := strings.CutPrefix(path, "auth/"+a.Mount+"/role/")
		role, kind, _ := strings.Cut(rest, "/")
		return ok && role != "" && (a.Role == "" || a.Role == role) && (kind == "secret-id" || kind == "custom-secret-id")
	},
	command: func(a Auth) string {
		return fmt.Sprintf("vault write -wrap-ttl=10m -f auth/%s/role/%s/secret-id", a.Mount, cmp.Or(a.Role, "ROLE"))
	},
}

var wrappedToken = wrapping{
	key: "auth.token", what: "a token",
	created: func(path string, _ Auth) bool {
		return path == "auth/token/create" || path == "auth/token/create-orphan" || strings.HasPrefix(path, "auth/token/create/")
	},
	command: func(Auth) string { return "vault token create -wrap-ttl=10m" },
}

// unwrap opens a wrapping token after looking at who made it: a token that anybody
// else slipped in stays closed, and one that was opened before is reported.
func (c *Client) unwrap(ctx context.Context, token string, w wrapping) (*api.Secret, error) {
	if !wrappingShape().MatchString(token) {
		return nil, missing(w.key, "what is there is no wrapping token", "wrapped: true is set: take it away for "+w.what+" as it is, or make a wrapped one with "+w.command(c.config.Auth))
	}
	conn := c.login.conn
	seen, err := conn.do(ctx, call{method: http.MethodPut, path: "sys/wrapping/lookup", body: map[string]any{"token": token}})
	if err != nil {
		return nil, c.unwrapped(ctx, w, token, err)
	}
	path, _ := seen.Data["creation_path"].(string)
	if !w.created(strings.TrimPrefix(path, c.config.Namespace+"/"), c.config.Auth) {
		return nil, c.foreignWrap(w)
	}
	inner, err := conn.do(ctx, call{method: http.MethodPut, path: "sys/wrapping/unwrap", token: token, once: true, body: map[string]any{}})
	if err != nil {
		return nil, c.spent(w, err)
	}
	return inner, nil
}

// wrappingShape is how wrapping tokens look: of all versions of Vault, and as JWTs.
var wrappingShape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(hv[sb]\.|s\.|b\.)[A-Za-z0-9_.-]{16,}$|^eyJ[A-Za-z0-9_-]+\.`)
})

// unwrapped tells a token that wraps nothing from one that wraps nothing any more.
func (c *Client) unwrapped(ctx context.Context, w wrapping, token string, err error) error {
	if asRefusal(err, 400, 403, 404) == nil || !(&reading{Client: c, token: token}).tokenWorks(ctx) {
		return c.spent(w, err)
	}
	return missing(w.key, "what is there is a token that wraps nothing", "wrapped: true is set: "+
		"take it away for "+w.what+" as it is, or make a wrapped one with "+w.command(c.config.Auth))
}

func (c *Client) spent(w wrapping, err error) error {
	r := asRefusal(err, 400, 403, 404)
	if r == nil {
		return err
	}
	return &Error{
		Kind: KindSpent, Status: r.status,
		Message: fmt.Sprintf("%s: Vault at %s does not know the wrapping token: it was opened before, or is expired", w.key, c.login.conn.where),
		Hint: "it opens once. Did an earlier codexform plan or apply open it? Then put a new one there. " +
			"If nobody of yours did, somebody has what was in it: revoke that, and find out who",
	}
}

// foreignWrap is a wrapping token that holds something else than it should.
func (c *Client) foreignWrap(w wrapping) *Error {
	return &Error{
		Kind: KindWrapped,
		Message: fmt.Sprintf("%s: the wrapping token was not made as %s of auth/%s%s at %s, and is left closed",
			w.key, w.what, c.config.Auth.Mount, c.loginRole(), c.login.conn.where),
		Hint: "somebody may have put another one in its place: find out who wrote it, and make a new one with " + w.command(c.config.Auth),
	}
}
