package apply

import (
	"context"

	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// Gateway asks for a model list; *gateway.Client does.
type Gateway interface {
	List(context.Context, gateway.Request) gateway.Answer
}

// Confirm asks the gateway for its models with the URL and the credential that Codex
// would use, where codex.MaySend has permitted it. Otherwise it asks nobody and says
// why: in class gateway.NotAsked where a credential would meet a host that it is not
// for, in class gateway.NoCredential where Codex would have nothing to send or would
// not start.
func Confirm(ctx context.Context, g Gateway, p codex.Permit, wanted plan.Confirm) gateway.Answer {
	a := p.Access()
	if !p.Allowed() {
		class, detail := gateway.NoCredential, p.Nothing()
		if why := p.Refusal(); why != "" {
			class, detail = gateway.NotAsked, why
		}
		return gateway.Answer{URL: a.ModelsURL(), Class: class, Wanted: gateway.Shown(wanted.Models), Detail: plan.ShowText(detail), Fix: plan.ShowText(p.Fix())}
	}
	return g.List(ctx, gateway.Request{
		BaseURL: a.BaseURL, Key: p.Key(),
		Header: fields(a.Headers, a.Authorization), Query: fields(a.Query),
		Models: wanted.Models, Timeout: wanted.Timeout, Attempts: wanted.Attempts,
	})
}

func fields(from []codex.Field, more ...codex.Field) map[string]string {
	out := map[string]string{}
	for _, f := range append(from[:len(from):len(from)], more...) {
		if f.Value.Known() {
			out[f.Name] = string(f.Value.Reveal())
		}
	}
	return out
}
