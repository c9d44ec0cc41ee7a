package gateway

import (
	"context"
	"errors"
	"net"
	"net/url"
	"testing"
	"time"
)

// Where net takes 0.0.0.0 for loopback before the guard of the dialer sees it, the name
// is looked up first.
func TestNameOfNowhere(t *testing.T) {
	before := asksFirst
	asksFirst = true
	defer func() { asksFirst = before }()
	dns := names(t, map[string]string{"zero.test": "0.0.0.0", "gw.test": "127.0.0.1"})
	c := Client{resolver: &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", dns)
	}}}
	for host, refused := range map[string]bool{"zero.test": true, "gw.test": false} {
		u := &url.URL{Scheme: "https", Host: host + ":1"}
		conn, err := c.dialer(target{url: u}, Limits{Connect: time.Second})(t.Context(), "tcp", u.Host)
		if err == nil {
			conn.Close()
		}
		var guard *guardError
		if errors.As(err, &guard) != refused || refused && guard.outcome.detail != host+" leads to 0.0.0.0" {
			t.Errorf("%s: got %v", host, err)
		}
	}
}
