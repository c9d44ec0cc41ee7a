package apply

import (
	"context"
	"fmt"

	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// Gateway asks for a model list; *gateway.Client does.
type Gateway interface {
	List(context.Context, gateway.Request) gateway.Answer
}

// Confirmation is one model-list call with what Codex would use.
type Confirmation struct {
	Access codex.Access
	// Key stands in for what Codex would fetch by itself at run time, by a command or
	// from a variable of another environment; not Known where there is none.
	Key    plan.Secret
	Wanted plan.Confirm
}

// Confirm asks the gateway for its models with the URL and the credential that
// Codex would use. Where Codex would have nothing to send, or would not start, it
// asks nobody and says why, in class gateway.NoCredential.
func Confirm(ctx context.Context, g Gateway, c Confirmation) gateway.Answer {
	key, why := c.credential()
	if why != "" {
		return gateway.Answer{URL: plan.ModelsURL(c.Access.BaseURL), Class: gateway.NoCredential, Wanted: c.Wanted.Models, Detail: why}
	}
	return g.List(ctx, gateway.Request{
		BaseURL: c.Access.BaseURL, Key: key,
		Header: fields(c.Access.Headers), Query: fields(c.Access.Query),
		Models: c.Wanted.Models, Timeout: c.Wanted.Timeout, Attempts: c.Wanted.Attempts,
	})
}

// credential is what to send, or why there is nothing.
func (c Confirmation) credential() (plan.Secret, string) {
	a := c.Access
	if a.Secret.Known() && a.Problem == "" {
		return a.Secret, ""
	}
	runtime := a.Credential == codex.FromCommand || a.Problem != "" && isVariable(a.Credential)
	if runtime && c.Key.Known() {
		return c.Key, ""
	}
	if a.Problem != "" {
		return plan.Secret{}, a.Problem
	}
	switch a.Credential {
	case codex.FromCommand:
		return plan.Secret{}, "Codex gets the credential from a command at run time"
	case codex.FromLogin:
		return plan.Secret{}, "Codex would send the tokens of a ChatGPT login"
	case codex.FromHeader:
		return plan.Secret{}, "the Authorization header in config.toml is no Bearer one"
	}
	return plan.Secret{}, fmt.Sprintf("Codex would send no credential to provider %q", a.Provider)
}

func isVariable(credential string) bool {
	return len(credential) > 4 && credential[:4] == "env:"
}

func fields(from []codex.Field) map[string]string {
	out := map[string]string{}
	for _, f := range from {
		out[f.Name] = string(f.Value.Reveal())
	}
	return out
}
