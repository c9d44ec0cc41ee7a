package vault

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/hashicorp/vault/api"

	"github.com/codexform/codexform/plan"
)

// read gets the secret with a token that is there.
func (c *Client) read(ctx context.Context, token string) (plan.Secret, string, error) {
	engine := c.config.Engine
	fields, version, err := c.readAs(ctx, token, engine)
	if engine == EngineAuto && isUnclear(err) {
		// Most mounts are KV version 2, so that is tried first. Only now is it worth
		// asking what the mount is.
		if m, found := c.mountOf(ctx, token); found && m.engine() == EngineKV1 && m.covers(c.config) {
			fields, version, err = c.readAs(ctx, token, EngineKV1)
		}
	}
	if err != nil {
		return plan.Secret{}, "", c.explain(ctx, token, err)
	}
	secret, err := c.field(fields)
	return secret, version, err
}

// isUnclear reports whether err may come of taking one engine for the other.
func isUnclear(err error) bool {
	return asRefusal(err, 403, 404, 405, 400) != nil || err == errOtherEngine
}

// readAs reads the fields of the secret, taking the mount for one engine.
func (c *Client) readAs(ctx context.Context, token string, e Engine) (fields map[string]any, version string, err error) {
	if e == EngineKV1 {
		return c.readV1(ctx, token)
	}
	return c.readV2(ctx, token)
}

func (c *Client) readV1(ctx context.Context, token string) (map[string]any, string, error) {
	answer, err := c.login.conn.do(ctx, call{method: http.MethodGet, path: c.apiPath(EngineKV1), token: token})
	switch {
	case err != nil:
		return nil, "", err
	case answer.Data == nil:
		return nil, "", errOtherEngine
	}
	return answer.Data, "", nil
}

func (c *Client) readV2(ctx context.Context, token string) (map[string]any, string, error) {
	answer, err := c.login.conn.do(ctx, c.readCall(token))
	if r := asRefusal(err, 404); r != nil && r.secret != nil && r.secret.Data != nil {
		answer, err = r.secret, nil // a version that is gone comes as a 404 that says so
	}
	if err != nil {
		return nil, "", err
	}
	return c.unpack(answer)
}

func (c *Client) readCall(token string) call {
	k := call{method: http.MethodGet, path: c.apiPath(EngineKV2), token: token}
	if v := c.config.PinnedVersion(); v != "" {
		k.query = url.Values{"version": {v}}
	}
	return k
}

// apiPath is where the secret is in the API, which is what policies are written for.
func (c *Client) apiPath(e Engine) string {
	if e == EngineKV1 {
		return c.config.Mount + "/" + c.config.Path
	}
	return c.config.Mount + "/data/" + c.config.Path
}

// unpack takes the fields and the version out of KV version 2's answer.
func (c *Client) unpack(answer *api.Secret) (map[string]any, string, error) {
	meta, ok := answer.Data["metadata"].(map[string]any)
	if !ok {
		return nil, "", errOtherEngine
	}
	number, _ := meta["version"].(json.Number)
	n, err := strconv.Atoi(number.String())
	if err != nil || n < 1 {
		return nil, "", errOtherEngine
	}
	if fields, ok := answer.Data["data"].(map[string]any); ok && fields != nil {
		return fields, number.String(), nil
	}
	return nil, "", c.gone(n, meta)
}

// gone says what became of a version.
func (c *Client) gone(n int, meta map[string]any) *Error {
	e := &Error{Kind: KindVersion, Status: 404}
	if destroyed, _ := meta["destroyed"].(bool); destroyed {
		e.Message = fmt.Sprintf("version %d of %s is destroyed", n, c.place())
		e.Hint = "it cannot be had back: write the secret again, or ask for another version"
		return e
	}
	e.Message = fmt.Sprintf("version %d of %s is deleted", n, c.place())
	e.Hint = fmt.Sprintf("vault kv undelete -mount=%s -versions=%d %s brings it back", c.config.Mount, n, c.config.Path)
	return e
}

// place is where the secret lies, for people.
func (c *Client) place() string {
	return fmt.Sprintf("%s/%s at %s", c.config.Mount, c.config.Path, c.login.conn.where)
}
