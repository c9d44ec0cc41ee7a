package vault

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/codexform/codexform/plan"
)

// Session is what one run shares: logins. It may be used by several goroutines.
type Session struct {
	world    World
	mu       sync.Mutex
	logins   map[Config]*login
	warnings []string // about the credentials that were read
}

// login is one way in, and the token that it led to.
type login struct {
	mu     sync.Mutex // held while logging in, so that all who wait share the outcome
	conn   *conn
	token  string
	ours   bool  // obtained by us, to be given back
	failed error // why it did not work and never will: asking again could lock a user out
}

// NewSession starts a session. Nothing is read or sent yet.
func NewSession(w World) *Session {
	return &Session{world: w.withDefaults(), logins: map[Config]*login{}}
}

// Client reads one secret of Vault.
type Client struct {
	session  *Session
	config   Config
	login    *login
	warnings []string
}

// Client checks c and makes a client of it. It reads the certificates that c
// names and sends nothing. Every error is an *Error.
func (s *Session) Client(c Config) (*Client, error) {
	c, err := c.resolve(s.world)
	if err != nil {
		return nil, err
	}
	l, err := s.login(c)
	if err != nil {
		return nil, err
	}
	return &Client{session: s, config: c, login: l, warnings: c.warnings(s.world)}, nil
}

// login finds the login of c, or makes one: whatever does not say where the secret
// lies is part of the way in.
func (s *Session) login(c Config) (*login, error) {
	key := c
	key.Mount, key.Path, key.Field, key.Engine, key.Version = "", "", "", "", 0
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.logins[key]; l != nil {
		return l, nil
	}
	conn, err := newConn(c, s.world)
	if err != nil {
		return nil, err
	}
	s.logins[key] = &login{conn: conn}
	return s.logins[key], nil
}

// Ref names the secret for people: "vault:secret/codex#api_key".
func (c *Client) Ref() string { return c.config.Ref() }

// Warnings is what people should know of the environment and the address, and after
// a fetch, of the files that the credentials were read from.
func (c *Client) Warnings() []string {
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	return slices.Concat(c.warnings, c.session.warnings)
}

// Fetch logs in, when no other client of the session has, and reads the secret.
// The version is KV version 2's, else "". Every error is an *Error.
func (c *Client) Fetch(ctx context.Context) (secret plan.Secret, version string, err error) {
	ctx, cancel := context.WithTimeout(ctx, tries*c.config.Timeout)
	defer cancel()
	token, fresh, err := c.logIn(ctx)
	if err != nil {
		return plan.Secret{}, "", err
	}
	secret, version, err = c.read(ctx, token)
	if isKind(err, KindToken) && !fresh && c.config.Auth.Method != MethodToken && !c.config.SingleUse() {
		// An earlier read of this run used the token up, or it lived too long ago.
		c.login.forget()
		if token, _, err = c.logIn(ctx); err == nil {
			secret, version, err = c.read(ctx, token)
		}
	}
	return secret, version, err
}

// logIn is the token to read with, and whether it was made just now.
func (c *Client) logIn(ctx context.Context) (token string, fresh bool, err error) {
	l := c.login
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.token != "" || l.failed != nil {
		return l.token, false, l.failed
	}
	if err := c.checkNamespace(ctx); err != nil {
		return "", false, err
	}
	lingers, done := lingering(ctx)
	defer done()
	l.token, l.ours, err = c.obtain(lingers)
	if isKind(err, KindLogin) || isKind(err, KindWrapped) || isKind(err, KindSpent) {
		l.failed = err
	}
	return l.token, true, err
}

// Whoever stops a run waits for it no longer than two seconds. In them a login that is on
// its way comes back, and is given back: one that nobody waits for lives on in Vault.
const (
	linger    = time.Second
	closeSoon = 800 * time.Millisecond
)

// lingering is ctx, which ends a moment later where somebody stops it.
func lingering(ctx context.Context) (context.Context, func()) {
	lingers, cancel := context.WithCancel(context.WithoutCancel(ctx))
	if deadline, ok := ctx.Deadline(); ok {
		cancel()
		lingers, cancel = context.WithDeadline(context.WithoutCancel(ctx), deadline)
	}
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(linger, cancel) })
	return lingers, func() { stop(); cancel() }
}

func (l *login) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.token, l.ours = "", false
}

// checkNamespace refuses a server that has no namespaces: it would answer with what
// lies at the same path in its only one.
func (c *Client) checkNamespace(ctx context.Context) error {
	if c.config.Namespace == "" {
		return nil
	}
	h, err := c.login.conn.health(ctx)
	if err != nil || !h.community {
		return nil
	}
	return &Error{
		Kind:    KindNamespace,
		Message: fmt.Sprintf("Vault at %s has no namespaces, and %q is asked for", c.login.conn.where, c.config.Namespace),
		Hint:    "the open edition ignores a namespace and answers from its only one: leave namespace out and unset VAULT_NAMESPACE, or use the right server",
	}
}

// Close gives back every token that the session's logins obtained. A token that was
// given to us stays valid, and a batch token cannot be revoked. It works after ctx
// has ended, for a short while. The session may be used again: it logs in anew.
func (s *Session) Close(ctx context.Context) error {
	s.mu.Lock()
	logins := slices.Collect(maps.Values(s.logins))
	s.mu.Unlock()
	stopped := ctx
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	defer context.AfterFunc(stopped, func() { time.AfterFunc(closeSoon, cancel) })()
	var errs []error
	for _, l := range logins {
		errs = append(errs, l.close(ctx))
	}
	return errors.Join(errs...)
}

const closeTimeout = 5 * time.Second

// Close closes the client's session.
func (c *Client) Close(ctx context.Context) error { return c.session.Close(ctx) }

func (l *login) close(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	token, ours := l.token, l.ours
	l.token, l.ours, l.failed = "", false, nil
	if !ours || isBatch(token) {
		return nil
	}
	_, err := l.conn.do(ctx, call{method: http.MethodPut, path: "auth/token/revoke-self", token: token, noRetry: true})
	if asRefusal(err, 403) != nil {
		return nil // it is used up or expired: gone already
	}
	if err != nil {
		return fmt.Errorf("the token of the login at %s is not revoked and lives on until it expires: %w", l.conn.where, err)
	}
	return nil
}

// isBatch knows the token that needs no revoking and has none.
func isBatch(token string) bool {
	return strings.HasPrefix(token, "hvb.") || strings.HasPrefix(token, "b.")
}
