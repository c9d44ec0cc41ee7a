package vault

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// githubToken asks the GitHub runner that we are on for an identity token.
func (w World) githubToken(ctx context.Context, audience string, timeout time.Duration) (string, error) {
	address, bearer := w.env("ACTIONS_ID_TOKEN_REQUEST_URL"), w.env("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
	if address == "" || bearer == "" {
		return "", &Error{
			Kind:    KindGitHub,
			Message: "auth.jwt: this is no GitHub job that may ask for an identity token: ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN are not both set",
			Hint:    "the job needs permissions: id-token: write; pull requests from a fork never have it",
		}
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u.Hostname())) {
		return "", &Error{
			Kind: KindGitHub, Message: "auth.jwt: ACTIONS_ID_TOKEN_REQUEST_URL is not an https:// URL",
			Hint: "leave the variable alone: the runner sets it",
		}
	}
	if audience != "" {
		q := u.Query()
		q.Set("audience", audience)
		u.RawQuery = q.Encode()
	}
	return w.askRunner(ctx, u, bearer, timeout)
}

func (w World) askRunner(ctx context.Context, u *url.URL, bearer string, timeout time.Duration) (string, error) {
	where := u.Scheme + "://" + u.Host
	// The runner is GitHub's: neither Vault's authority nor our certificate is for it.
	c := &conn{world: w, where: where, timeout: timeout}
	t, err := newTransport(Config{Address: where}, w)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "", &Error{
			Kind: KindGitHub, Message: "auth.jwt: ACTIONS_ID_TOKEN_REQUEST_URL is no URL",
			Hint: "leave the variable alone: the runner sets it",
		}
	}
	r.Header.Set("Authorization", "Bearer "+bearer)
	r.Header.Set("Accept", "application/json")
	res, err := (&http.Client{Transport: t}).Do(r)
	if err != nil {
		return "", c.broken(ctx, err)
	}
	defer res.Body.Close()
	var answer struct{ Value string }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode != http.StatusOK || answer.Value == "" {
		return "", &Error{
			Kind: KindGitHub, Status: res.StatusCode, Retryable: res.StatusCode >= 500,
			Message: fmt.Sprintf("auth.jwt: GitHub at %s gives no identity token (%d)", where, res.StatusCode),
			Hint:    "the job needs permissions: id-token: write, and the audience has to be a text that GitHub takes",
		}
	}
	return answer.Value, nil
}
