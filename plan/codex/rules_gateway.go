package codex

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// exportsKnown is the first measured version that runs a program for a gateway's
// credential, and from which on Codex says nothing of what is wrong in gateway_oauth.
var exportsKnown = Version{0, 169, 0}

// deliveryFree is the first measured version that has a delivery of its own where none is
// said.
var deliveryFree = Version{0, 166, 0}

// gateway finds a provider's gateway_oauth that is not whole.
func (f *finder) gateway(a plan.Address, entry plan.Value) {
	a, t := append(slices.Clone(a), "gateway_oauth"), entry.Get("gateway_oauth")
	if t.IsAbsent() || !f.knows(a...) {
		return
	}
	why := gatewayLacks(t, f.Version.measuredBy())
	switch target := entry.Get("base_url").Text(); {
	case why != "":
	case target == "":
		why = "needs a base_url beside it"
	case !endpoint(target):
		why = "needs a base_url that is https and names nobody"
	}
	f.sentTwice(a, entry)
	if why != "" {
		f.stop(a, fmt.Sprintf("Codex does not start: gateway_oauth of the provider %s %s", a[1], why), "give it one of the two ways to a credential, whole")
	}
}

// sentTwice finds a header of the provider's own where a gateway's credential goes.
func (f *finder) sentTwice(a plan.Address, entry plan.Value) {
	d, header := entry.Get("gateway_oauth").Get("delivery"), "Authorization"
	switch {
	case d.Get("kind").Text() == "header":
		header = d.Get("name").Text()
	case d.Get("kind").Text() == "cookie":
		header = "Cookie"
	}
	for _, table := range []string{"http_headers", "env_http_headers"} {
		for _, m := range entry.Get(table).Members() {
			if strings.EqualFold(m.Key, header) {
				f.apart(append(slices.Clone(a[:2]), table, m.Key), m.Value, fmt.Sprintf("the gateway's token goes into the header %s too", header))
			}
		}
	}
	if !strings.EqualFold(header, "Authorization") || d.IsAbsent() {
		return // without one, credential-conflict says so
	}
	for _, other := range []string{"env_key", "experimental_bearer_token", "requires_openai_auth", "auth"} {
		if v := entry.Get(other); v.Kind() != plan.KindBool || v.True() {
			f.apart(append(slices.Clone(a[:2]), other), v, "the gateway's token goes into the header Authorization too")
		}
	}
}

// gatewayLacks says what is wrong with a gateway_oauth, "" when nothing is.
func gatewayLacks(t plan.Value, v Version) string {
	if t.Kind() != plan.KindTable {
		return "is no table"
	}
	export := t.Get("credential_export")
	newer := v.Compare(exportsKnown) >= 0
	if !newer {
		export = plan.Value{}
	}
	if why := deliveryLacks(t.Get("delivery"), newer); why != "" {
		return why
	}
	if t.Get("delivery").IsAbsent() && v.Compare(deliveryFree) < 0 {
		return "has no delivery"
	}
	if !export.IsAbsent() {
		return exportLacks(t, export)
	}
	for _, need := range []string{"authorization_url", "token_url", "client_id"} {
		switch text := t.Get(need).Text(); {
		case strings.TrimSpace(text) == "":
			if newer {
				return "has no credential_export and no " + need
			}
			return "has no " + need
		case need != "client_id" && !endpoint(text):
			return need + " takes an https address without a name and a fragment, which it has not"
		}
	}
	return oauthLacks(t, newer)
}

// oauthLacks looks at what a login at a gateway may have besides.
func oauthLacks(t plan.Value, newer bool) string {
	kinds := map[string]plan.Kind{"authorization_url": plan.KindString, "token_url": plan.KindString, "client_id": plan.KindString, "resource": plan.KindString, "credentials_store": plan.KindString, "device_authorization_url": plan.KindString, "scopes": plan.KindList, "redirect_port": plan.KindInt, "delivery": plan.KindTable}
	for _, m := range t.Members() {
		kind, known := kinds[m.Key]
		port := m.Value.Int64()
		switch {
		case m.Key == "redirect_port" && m.Value.Kind() == plan.KindInt && (port < 1 || port > 65535):
			return "has a redirect_port that is none"
		case !newer: // the tables say the rest
		case !known:
			return fmt.Sprintf("takes no %s", plan.Quote(m.Key))
		case m.Value.Kind() != kind:
			return fmt.Sprintf("takes no %s for %s", m.Value.Kind(), m.Key)
		case m.Key == "device_authorization_url" && !endpoint(m.Value.Text()):
			return "takes an https address for device_authorization_url"
		case m.Key == "credentials_store" && m.Value.Text() != "keyring" && m.Value.Text() != "file":
			return "takes keyring or file for credentials_store"
		case slices.ContainsFunc(m.Value.Items(), func(v plan.Value) bool { return v.Kind() != plan.KindString }):
			return "takes strings in " + m.Key
		}
	}
	return ""
}

// exportLacks looks at a program that gets a gateway's credential.
func exportLacks(t, export plan.Value) string {
	args, timeout := export.Get("args"), export.Get("timeout_ms")
	switch {
	case export.Kind() != plan.KindTable || strings.TrimSpace(export.Get("command").Text()) == "":
		return "has a credential_export without a command"
	case !args.IsAbsent() && args.Kind() != plan.KindList, slices.ContainsFunc(args.Items(), func(v plan.Value) bool { return v.Kind() != plan.KindString }):
		return "has a credential_export whose args are no list of strings"
	case !timeout.IsAbsent() && (timeout.Kind() != plan.KindInt || timeout.Int64() < 1):
		return "has a credential_export whose timeout_ms is not above 0"
	}
	for _, m := range t.Members() {
		if m.Key != "credential_export" && m.Key != "delivery" {
			return fmt.Sprintf("has a credential_export, and %s does not go with it", plan.Quote(m.Key))
		}
	}
	return ""
}

// deliveryLacks looks at how a gateway's credential goes along.
func deliveryLacks(d plan.Value, newer bool) string {
	kind := d.Get("kind").Text()
	switch {
	case d.IsAbsent() || d.Kind() != plan.KindTable && !newer:
		return ""
	case kind != "cookie" && kind != "header":
		return "takes cookie or header as the kind of its delivery"
	case !isToken(d.Get("name").Text()):
		return "needs a name of a header or cookie for its delivery"
	}
	for _, m := range d.Members() {
		scheme := m.Key == "scheme" && kind == "header"
		if newer && (!scheme && m.Key != "kind" && m.Key != "name" || scheme && !isToken(m.Value.Text())) {
			return fmt.Sprintf("takes no such %s in its delivery", plan.Quote(m.Key))
		}
	}
	return ""
}

// endpoint reports an address that Codex sends a credential to: https, or this machine.
func endpoint(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || strings.HasPrefix(u.Hostname(), "127.") || u.Hostname() == "::1")
}

// isToken reports what HTTP takes for a name.
func isToken(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", c)
	})
}
