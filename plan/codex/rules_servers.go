package codex

import (
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// server finds what of an MCP server's login and headers does not go together.
func (f *finder) server(a plan.Address, entry plan.Value) {
	below := func(names ...string) plan.Address { return append(slices.Clone(a), names...) }
	if helper := entry.Get("http_headers_helper"); !helper.IsAbsent() && f.knows(below("http_headers_helper")...) {
		if helper.Kind() == plan.KindString && strings.TrimSpace(helper.Text()) == "" {
			f.stop(below("http_headers_helper"), fmt.Sprintf("Codex does not start: the http_headers_helper of the MCP server %s is empty", a[1]), "name a program, or remove it")
		}
		if where := entry.Get("environment_id"); where.Text() != "local" {
			f.apart(below("environment_id"), where, "http_headers_helper does not go together with an environment_id but local")
		}
	}
	login := entry.Get("oauth")
	if login.Kind() != plan.KindTable || !f.knows(below("oauth")...) {
		return
	}
	ema, id, secret := entry.Get("auth").Text() == "ema_auth", login.Get("client_id"), login.Get("client_secret")
	if !ema {
		for _, name := range []string{"authorization_server_issuer", "token_endpoint_auth_method"} {
			f.apart(below("oauth", name), login.Get(name), fmt.Sprintf(`%s of the MCP server %s goes with auth = "ema_auth" alone`, name, a[1]))
		}
	}
	if secret.Kind() == plan.KindString && f.knows(below("oauth", "client_secret")...) {
		switch {
		case strings.TrimSpace(secret.Text()) == "":
			f.stop(below("oauth", "client_secret"), "Codex does not start: client_secret is empty", "remove it")
		case strings.TrimSpace(id.Text()) == "":
			f.stop(below("oauth", "client_secret"), "Codex does not start: client_secret needs a client_id beside it", "give it a client_id, or remove it")
		}
	}
	if secret.IsAbsent() && ema {
		f.apart(below("oauth", "token_endpoint_auth_method"), login.Get("token_endpoint_auth_method"), "token_endpoint_auth_method needs a client_secret beside it")
	}
}
