package gateway

import (
	"context"
	"crypto/x509"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/codexform/codexform/plan"
)

// Client asks gateways for their models. The zero Client works, with no proxy and
// the computer's own certificate authorities. It may be used by several goroutines.
type Client struct {
	// Getenv looks up the proxy and certificate variables that Codex honours; nil
	// means an empty environment.
	Getenv    func(string) (string, bool)
	UserAgent string // default "codexform"
	Limits    Limits

	Now   func() time.Time                           // default time.Now
	Sleep func(context.Context, time.Duration) error // default waits, or gives up with the context
	Rand  func() float64                             // in [0,1), default from math/rand/v2

	trust    trust
	resolver *net.Resolver                                           // tests: another name server
	dial     func(context.Context, string, string) (net.Conn, error) // tests: another network
}

// Limits of time. A zero field means the default.
type Limits struct {
	Total   time.Duration // the whole call with all its tries: 30 s, or one try where that is longer
	Connect time.Duration // name lookup and connection: 5 s
	TLS     time.Duration // handshake: 5 s
}

// Request says what to ask, and with what. Header and Query are the provider's
// own (http_headers and query_params); their values are never printed.
type Request struct {
	BaseURL  string
	Key      plan.Secret // no Authorization header when not Known
	Header   map[string]string
	Query    map[string]string
	Models   []string      // that the gateway must list
	Timeout  time.Duration // of one try, default 10 s
	Attempts int           // tries at most, default 3
}

// List asks for the models: GET {base_url}/models, again after a pause where that
// may help. It ends in Limits.Total and holds a few megabytes at most, whatever the
// server does. Where a base_url without version path is not answered by a model
// list, it asks once more with /v1 behind it, to say so in Fixed.
func (c *Client) List(ctx context.Context, r Request) Answer {
	start := c.now()
	limits := c.Limits.orDefault(r.Timeout)
	ctx, cancel := context.WithTimeout(ctx, limits.Total)
	defer cancel()
	r.Models = Shown(r.Models)
	a := c.list(ctx, r, limits)
	a.Wanted = slices.Clone(r.Models)
	a.Elapsed = c.now().Sub(start)
	return a
}

func (c *Client) list(ctx context.Context, r Request, limits Limits) Answer {
	t, bad := parseTarget(r.BaseURL)
	a := Answer{}
	if t.url != nil {
		a.URL = plan.ShowURL(t.url.String())
	}
	s := session{client: c, request: r, header: header(c, r), echo: newEcho(r)}
	if bad == nil {
		bad = s.connect(t, limits)
	}
	if bad != nil {
		a.Class, a.Detail = bad.class, bad.detail
		return a
	}
	got := s.persist(ctx, t, &a)
	s.fill(&a, got)
	if (a.Class == NotFound || a.Class == NotAModelList) && !t.versioned() {
		if second := s.try(ctx, t.withVersion()); second.class == OK || second.class == ModelMissing {
			a.Fixed = plan.ShowURL(t.withVersion().base)
		}
	}
	return a
}

// session is one List under way.
type session struct {
	client    *Client
	request   Request
	transport *http.Transport
	proxied   bool
	header    http.Header
	echo      echo
}

// connect readies the transport.
func (s *session) connect(t target, limits Limits) *outcome {
	var roots *x509.CertPool
	if t.url.Scheme == "https" {
		var bad *outcome
		if roots, bad = s.client.roots(); bad != nil {
			return bad
		}
	}
	proxy, bad := s.client.proxy(t.url)
	if bad != nil {
		return bad
	}
	s.proxied = proxy != nil
	s.transport = s.client.transport(t, limits, roots, proxy)
	return nil
}

// fill puts the last outcome into the answer.
func (s session) fill(a *Answer, o outcome) {
	a.Class, a.Status, a.Detail = o.class, o.status, o.detail
	a.KeySent = a.Attempts > 0 && s.request.holdsKey()
	a.Listed, a.Every, a.Date = o.list.listed, o.list.every, o.date
	if o.class != ModelMissing {
		return
	}
	a.Near = map[string][]string{}
	for _, model := range s.request.Models {
		if o.list.found[model] {
			continue
		}
		a.Missing = append(a.Missing, model)
		for _, name := range o.list.near[model].Names() {
			if !s.echo.In(name) {
				a.Near[model] = append(a.Near[model], plain(name))
			}
		}
	}
}

// holdsKey reports a request with a credential, in Authorization or elsewhere.
func (r Request) holdsKey() bool {
	for _, own := range []map[string]string{r.Header, r.Query} {
		for name := range own {
			if plan.SecretName(name) {
				return true
			}
		}
	}
	return r.Key.Known()
}

func (l Limits) orDefault(try time.Duration) Limits {
	set := func(d *time.Duration, std time.Duration) {
		if *d == 0 {
			*d = std
		}
	}
	set(&l.Total, max(30*time.Second, try))
	set(&l.Connect, 5*time.Second)
	set(&l.TLS, 5*time.Second)
	return l
}

func (c *Client) getenv(name string) string {
	if c.Getenv == nil {
		return ""
	}
	v, _ := c.Getenv(name)
	return v
}

func (c *Client) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

func (c *Client) random() float64 {
	if c.Rand == nil {
		return rand.Float64()
	}
	return c.Rand()
}

func (c *Client) sleep(ctx context.Context, d time.Duration) error {
	if c.Sleep != nil {
		return c.Sleep(ctx, d)
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// Shown are names of models as an answer repeats them: hidden where somebody has put a
// key in the place of one.
func Shown(models []string) []string {
	out := slices.Clone(models)
	for i, name := range out {
		out[i] = plan.ShowText(name)
	}
	return out
}
