package vault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/vault/api"
)

// conn is one server and the way to it. Its errors are an *Error for whatever has
// nothing to do with the question asked, and a *refusal for an answer that has.
type conn struct {
	world     World
	where     string // the address, as people know it
	namespace string
	timeout   time.Duration
	mu        sync.Mutex  // guards the token within api
	api       *api.Client // nil when what is there is not Vault
}

// call is one request.
type call struct {
	method    string
	path      string
	query     url.Values
	body      map[string]any
	token     string
	once      bool // a second try after a lost answer would find the credential spent
	noRetry   bool // a probe: what it says is not worth waiting for
	rootSpace bool // without the namespace
}

func newConn(c Config, w World) (*conn, error) {
	t, err := newTransport(c, w)
	if err != nil {
		return nil, err
	}
	base := c.Address
	if strings.HasPrefix(base, "unix:") {
		base = "http://localhost"
	}
	client, err := newClient(&api.Config{
		Address: base, HttpClient: &http.Client{Transport: t}, DisableRedirects: true,
	})
	if err != nil {
		return nil, configError("a variable of the environment stops Vault's library: "+w.suspects(),
			"unset it, or give it a value of the right form")
	}
	// What the library took from the environment goes: a token, headers, a lookup
	// that would have every answer wrapped.
	client.SetHeaders(http.Header{api.RequestHeaderName: {"true"}})
	client.SetWrappingLookupFunc(func(string, string) string { return "" })
	client.ClearToken()
	return &conn{world: w, where: c.Address, namespace: c.Namespace, timeout: c.Timeout, api: client}, nil
}

// tries is how often a question is asked before a passing trouble counts as an answer.
const tries = 3

// do asks, again when the trouble may pass.
func (c *conn) do(ctx context.Context, k call) (*api.Secret, error) {
	for n := 1; ; n++ {
		secret, wait, err := c.try(ctx, k)
		if err == nil || wait == never || k.noRetry || n == tries {
			return secret, err
		}
		c.world.Sleep(ctx, max(wait, c.backoff(n)))
		if ctx.Err() != nil {
			return nil, c.broken(ctx, ctx.Err())
		}
	}
}

// never is the wait after which a second try makes sense when none does.
const never time.Duration = -1

// backoff has full jitter between nothing and half a second, one, two.
func (c *conn) backoff(n int) time.Duration {
	return time.Duration(c.world.Jitter() * float64(500*time.Millisecond<<(n-1)))
}

// try asks once and says how long to wait at least before the next try.
func (c *conn) try(ctx context.Context, k call) (*api.Secret, time.Duration, error) {
	one, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	res, err := c.send(one, k)
	if res != nil {
		defer res.Body.Close()
	}
	var answer *api.ResponseError
	switch {
	case errors.As(err, &answer):
		err := c.refused(ctx, res, answer)
		if k.once && answer.StatusCode >= 500 {
			return nil, never, err
		}
		return nil, waitAfter(res, answer, err), err
	case err == nil:
		secret, err := parse(res)
		if err == nil {
			return secret, never, nil
		}
		return nil, never, c.broken(ctx, err)
	}
	wait := never
	if passes(err, k.once) {
		wait = 0
	}
	return nil, wait, c.broken(ctx, err)
}

func (c *conn) send(ctx context.Context, k call) (*api.Response, error) {
	c.mu.Lock()
	client := c.api
	client.SetToken(k.token)
	client.ClearNamespace()
	if !k.rootSpace && c.namespace != "" {
		client.SetNamespace(c.namespace)
	}
	defer c.mu.Unlock()
	if k.method == http.MethodGet {
		return client.Logical().ReadRawWithDataWithContext(ctx, k.path, k.query)
	}
	body, err := json.Marshal(k.body)
	if err != nil {
		return nil, err
	}
	return client.Logical().WriteRawWithContext(ctx, k.path, body)
}

// parse reads an answer that is none of an error. An empty one is no secret.
func parse(res *api.Response) (*api.Secret, error) {
	if res.StatusCode == http.StatusNoContent {
		return &api.Secret{}, nil
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	secret, err := api.ParseSecret(bytes.NewReader(body))
	if err != nil || secret == nil {
		return nil, errNotVault
	}
	return secret, nil
}

var errNotVault = errors.New("not an answer of Vault")

// maxRetryAfter is how long a server may ask us to wait.
const maxRetryAfter = 5 * time.Second

// waitAfter is how long to wait before asking again after an answer, or never.
func waitAfter(res *api.Response, answer *api.ResponseError, err error) time.Duration {
	if answer.StatusCode != http.StatusTooManyRequests && answer.StatusCode < 500 || isKind(err, KindSealed) {
		return never
	}
	after, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if err != nil || after < 0 {
		return 0
	}
	if wait := time.Duration(after) * time.Second; wait <= maxRetryAfter {
		return wait
	}
	return never
}
