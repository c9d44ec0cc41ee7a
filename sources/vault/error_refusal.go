package vault

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/hashicorp/vault/api"
)

// refusal is an answer that says no to the question asked. It carries the server's
// words so that situations can be told apart; they go no further.
type refusal struct {
	status int
	words  string
	secret *api.Secret // what a 404 carries all the same
}

func (r *refusal) Error() string { return fmt.Sprintf("refused (%d)", r.status) }

// says reports whether the server's words have one of the texts in them.
func (r *refusal) says(texts ...string) bool {
	for _, t := range texts {
		if strings.Contains(r.words, t) {
			return true
		}
	}
	return false
}

// asRefusal is err as a refusal with one of the statuses, or nil.
func asRefusal(err error, statuses ...int) *refusal {
	var r *refusal
	if !errors.As(err, &r) {
		return nil
	}
	for _, s := range statuses {
		if r.status == s {
			return r
		}
	}
	return nil
}

// refused makes of an answer with an error status what it means.
func (c *conn) refused(ctx context.Context, res *api.Response, answer *api.ResponseError) error {
	switch {
	case answer.RawError:
		return c.notVault(answer)
	case answer.StatusCode == http.StatusTooManyRequests:
		return &Error{
			Kind: KindRateLimited, Status: 429, Retryable: true,
			Message: c.where + " has had too many requests from here (429)",
			Hint:    "wait, and spread runs with --splay; the quota is in sys/quotas/rate-limit",
		}
	case answer.StatusCode == http.StatusServiceUnavailable:
		return c.unavailable(ctx)
	case answer.StatusCode >= 500:
		return c.serverError(answer.StatusCode)
	}
	r := &refusal{status: answer.StatusCode, words: strings.Join(answer.Errors, "\n")}
	if answer.StatusCode == http.StatusNotFound {
		r.secret, _ = api.ParseSecret(res.Body)
	}
	return r
}

// notVault is an error answer that is no JSON.
func (c *conn) notVault(answer *api.ResponseError) *Error {
	e := &Error{
		Kind: KindProtocol, Status: answer.StatusCode, Hint: hintNotVault,
		Message: fmt.Sprintf("%s does not answer like Vault (%d)", c.where, answer.StatusCode),
	}
	switch {
	case answer.StatusCode == http.StatusProxyAuthRequired:
		e.Hint = "the proxy wants a password: put it into HTTPS_PROXY, or name the host in NO_PROXY"
	case answer.StatusCode == http.StatusBadRequest && strings.HasPrefix(c.where, "http://"):
		e.Hint = "does the server want https://?"
	case answer.StatusCode >= 500:
		e.Retryable = true
		e.Hint = "what stands in front of Vault answers in its place: is Vault running behind it?"
	}
	return e
}

// unavailable finds out why Vault says 503: it is sealed, mostly.
func (c *conn) unavailable(ctx context.Context) error {
	e := &Error{Kind: KindSealed, Status: 503, Retryable: true}
	h, err := c.health(ctx)
	switch {
	case err != nil || h.initialized && !h.sealed:
		return c.serverError(503)
	case !h.initialized:
		e.Message = "Vault at " + c.where + " is not initialised"
		e.Hint = "it is a new server without data: is it the right address?"
	default:
		e.Message = "Vault at " + c.where + " is sealed"
		e.Hint = "whoever runs it has to unseal it; then apply again"
	}
	return e
}

func (c *conn) serverError(status int) *Error {
	return &Error{
		Kind: KindServer, Status: status, Retryable: true,
		Message: fmt.Sprintf("Vault at %s failed (%d)", c.where, status),
		Hint:    "its own log says why; apply again when it is well",
	}
}

// redirected is an answer that sends us elsewhere: a node that stands by does that
// when it cannot forward.
func (c *conn) redirected(ctx context.Context, r *redirectError) *Error {
	to := ""
	if r.to != "" {
		to = " to " + r.to
	}
	if h, err := c.health(ctx); err == nil && h.standby {
		return &Error{
			Kind: KindStandby, Status: r.status, Retryable: true,
			Message: fmt.Sprintf("Vault at %s stands by and sends us%s", c.where, to),
			Hint:    "set address to the active node or to the load balancer; a redirect is not followed, it would take the token along",
		}
	}
	return &Error{
		Kind: KindRedirected, Status: r.status,
		Message: fmt.Sprintf("%s sends us%s (%d)", c.where, first(to, " elsewhere"), r.status),
		Hint:    "a redirect is not followed, it would take the token along: set address to Vault itself",
	}
}

type health struct{ initialized, sealed, standby, community bool }

// health asks without a token and without a namespace. It never leads to another
// question about health.
func (c *conn) health(ctx context.Context) (health, error) {
	if c.api == nil {
		return health{}, errNotVault
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	ok := "299" // so that states do not look like errors
	res, err := c.send(ctx, call{method: http.MethodGet, path: "sys/health", rootSpace: true, query: url.Values{
		"uninitcode": {ok}, "sealedcode": {ok}, "standbycode": {ok}, "drsecondarycode": {ok}, "performancestandbycode": {ok},
	}})
	if res != nil {
		defer res.Body.Close()
	}
	if err != nil {
		return health{}, err
	}
	var h api.HealthResponse
	if err := res.DecodeJSON(&h); err != nil || h.Version == "" {
		return health{}, errNotVault
	}
	return health{h.Initialized, h.Sealed, h.Standby, !h.Enterprise && !strings.Contains(h.Version, "+ent")}, nil
}
