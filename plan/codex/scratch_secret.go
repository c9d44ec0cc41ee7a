package codex

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/editor"
)

// secretPlaces are tables and lists in which any text may be a secret: no Codex
// looks at it before it is sent or run.
var secretPlaces = []string{
	"mcp_servers.*.env", "mcp_servers.*.http_headers", "mcp_servers.*.headers", "mcp_servers.*.args",
	"model_providers.*.http_headers", "model_providers.*.query_params", "model_providers.*.experimental_bearer_token",
	"model_providers.*.auth.args", "shell_environment_policy.set", "notify",
}

// maySecret reports whether the private copy goes without a text or number of the
// file, and list is where it is an item of one. It errs on the side of yes: a placeholder has the same type.
func maySecret(a plan.Address, v, list plan.Value) bool {
	if key, known := LookupKey(a, Version{}); known && key != nil {
		if slices.Contains(key.Values, v.Text()) || slices.Contains(key.Kinds, "shortcut") {
			return false // one of a few words, whatever the key is called, and no other is taken
		}
		if v.Kind() != plan.KindString && len(key.Kinds) > 0 && !slices.Contains(key.Kinds, "string") && !slices.Contains(key.Kinds, "any") {
			return false // a number where Codex wants one: it judges the very number
		}
	}
	if len(a) > 0 && plan.SecretName(a[len(a)-1]) || !plan.Redact(a, v).Equal(v) {
		return true
	}
	return v.Kind() == plan.KindString && (inSecretPlace(a) || secretInURL(v.Text()) || maskedIn(a, v, list))
}

// maskedIn reports an item that its list makes one that may be a secret: an argument
// behind a flag.
func maskedIn(a plan.Address, v, list plan.Value) bool {
	if list.IsAbsent() {
		return false
	}
	shown := plan.Redact(a, list)
	for i, item := range list.Items() {
		if item.Equal(v) && !shown.Items()[i].Equal(v) {
			return true
		}
	}
	return false
}

func inSecretPlace(a plan.Address) bool {
	switch {
	case len(a) > 2 && a[0] == "otel" && slices.Contains(a, "headers"):
		return true
	case len(a) > 1 && a[0] == "hooks":
		return a[len(a)-1] == "command"
	}
	return slices.ContainsFunc(secretPlaces, func(place string) bool { return below(a, strings.Split(place, ".")) })
}

// below reports an address at or below a pattern.
func below(a plan.Address, pattern []string) bool {
	if len(a) < len(pattern) {
		return false
	}
	for i, name := range pattern {
		if name != "*" && name != a[i] {
			return false
		}
	}
	return true
}

// secretInURL reports a URL with more than a host and a path: user info or a query.
func secretInURL(text string) bool {
	_, rest, ok := strings.Cut(text, "://")
	return ok && strings.ContainsAny(rest, "@?")
}

// notTOML is the refusal of a file that is no TOML.
func notTOML(err error) error {
	var bad *editor.Error
	if errors.As(err, &bad) && bad.Kind != editor.Limit {
		return &LoadError{Place: bad.Place, Detail: bad.Message}
	}
	return fmt.Errorf("%w: %w", ErrUnchecked, err)
}
