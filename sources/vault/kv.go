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

// reading is one read, with a token that is there.
type reading struct {
	*Client
	token string
	mount *mount // once it was asked for; a zero one is not known
}

func (c *Client) read(ctx context.Context, token string) (plan.Secret, string, error) {
	r := &reading{Client: c, token: token}
	fields, version, err := r.fields(ctx)
	if err != nil {
		return plan.Secret{}, "", r.explain(ctx, err)
	}
	secret, err := c.field(fields)
	return secret, version, err
}

// fields reads the fields of the secret. Most mounts are KV version 2, so that is
// tried first; only when it fails is it worth asking what the mount is.
func (r *reading) fields(ctx context.Context) (map[string]any, string, error) {
	if r.config.Engine == EngineKV1 {
		return r.readV1(ctx)
	}
	fields, version, err := r.readV2(ctx)
	if r.config.Engine == EngineAuto && isUnclear(err) {
		if m := r.mountOf(ctx); m.engine() == EngineKV1 && m.covers(r.config) {
			return r.readV1(ctx)
		}
	}
	return fields, version, err
}

// isUnclear reports whether err may come of taking one engine for the other.
func isUnclear(err error) bool {
	return asRefusal(err, 403, 404, 405, 400) != nil || err == errOtherEngine
}

func (r *reading) readV1(ctx context.Context) (map[string]any, string, error) {
	answer, err := r.login.conn.do(ctx, call{method: http.MethodGet, path: r.apiPath(EngineKV1), token: r.token})
	switch {
	case err != nil:
		return nil, "", err
	case answer.Data == nil || isEnvelope(answer.Data):
		return nil, "", errOtherEngine
	}
	return answer.Data, "", nil
}

// isEnvelope reports what KV version 2 answers: the fields are one level below.
func isEnvelope(data map[string]any) bool {
	_, fields := data["data"].(map[string]any)
	meta, _ := data["metadata"].(map[string]any)
	return fields && meta["created_time"] != nil && meta["version"] != nil && len(data) == 2
}

func (r *reading) readV2(ctx context.Context) (map[string]any, string, error) {
	k := call{method: http.MethodGet, path: r.apiPath(EngineKV2), token: r.token}
	if v := r.config.PinnedVersion(); v != "" {
		k.query = url.Values{"version": {v}}
	}
	answer, err := r.login.conn.do(ctx, k)
	if no := asRefusal(err, 404); no != nil && no.secret != nil && no.secret.Data != nil {
		answer, err = no.secret, nil // a version that is gone comes as a 404 that says so
	}
	if err != nil {
		return nil, "", err
	}
	return r.unpack(answer)
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
	e.Hint = fmt.Sprintf("vault kv undelete -mount=%s -versions=%d %s brings it back", argument(c.config.Mount), n, argument(c.config.Path))
	return e
}

// place is where the secret lies, for people.
func (c *Client) place() string {
	return fmt.Sprintf("%s/%s at %s", c.config.Mount, c.config.Path, c.login.conn.where)
}
