package gateway

import (
	"fmt"
	"net/http"
	"strings"
)

// Hint is advice for people, one sentence each, the likeliest first; nil when
// there is nothing to do.
func (a Answer) Hint() []string {
	hints := hints[a.Class]
	if a.Fix != "" {
		return []string{a.Fix}
	}
	switch a.Class {
	case ModelMissing:
		return a.missingHints()
	case Unauthorized, Forbidden:
		if !a.KeySent {
			return []string{"no key was sent, and Codex would send none: is a secret missing, or does the provider not use it?"}
		}
	case Rejected:
		if a.Status == http.StatusPaymentRequired {
			return []string{"the gateway wants to be paid: is the quota used up?"}
		}
	}
	if a.Fixed != "" {
		return []string{"set base_url to " + a.Fixed + ": that URL was tried and answered with a model list"}
	}
	return hints
}

// endsInV1 is the hint about /v1. Where another base_url was tried and answers, Answer.Fixed
// says it instead (target.go). What doctor says of the same answers is in
// cmd/codexform/doctor/answers.go: there it is one instruction, here questions.
const endsInV1 = "does base_url end in its version path, for example https://gateway.example/v1?"

var hints = map[Class][]string{
	Unauthorized: {
		"is it the whole key, the full sk-… value, and one of this gateway?",
		"is the key disabled, expired or out of quota?",
	},
	Forbidden: {
		"is the key disabled, expired or out of quota?",
		"may the key use the model, and may it be used from this address (IP restrictions)?",
		"some gateways let in Codex alone: if `codex exec` works with this key, set confirm.enabled to false",
	},
	NotFound:     {endsInV1},
	Rejected:     {"the gateway does not serve a model list here: compare base_url with the gateway's own setup guide"},
	RateLimited:  {"wait and apply again"},
	GatewayError: {"the gateway is in trouble: wait and apply again"},
	NotAModelList: {
		endsInV1,
		"is this network asking for a login (a portal), or does a proxy answer in the gateway's place?",
	},
	Redirected: {
		"the key is not sent on: if the new address is right, put it into base_url",
		"is this network asking for a login (a portal)?",
	},
	TooLarge: {"a model list is at most 2 MiB and 10,000 models: is base_url right?"},
	TLSError: {
		"does the gateway use a private authority? set SSL_CERT_FILE or CODEX_CA_CERTIFICATE to its PEM file, for Codex too",
		"does the network inspect TLS, or is this computer's clock wrong?",
	},
	DNSError:       {"is the host of base_url spelt right, and is this computer on the network (VPN) that knows it?"},
	ConnRefused:    {"is the gateway running, and is the port of base_url right?"},
	Unreachable:    {"is this computer on the network (VPN) that leads to the gateway?"},
	Interrupted:    {"the connection broke: apply again; if it stays, a firewall or proxy may be cutting it"},
	Timeout:        {"the gateway is slow or a firewall swallows the connection: apply again, or raise confirm.timeout"},
	ProxyError:     {"check HTTPS_PROXY and NO_PROXY: the proxy must let this computer connect to the gateway's host"},
	InvalidURL:     {"base_url is https://host/path, for example https://gateway.example/v1"},
	Insecure:       {"use https:// in base_url: http:// is for a gateway on this very computer"},
	ForbiddenPlace: {"base_url must not lead to a link-local or metadata address: is its host's DNS entry right?"},
	Canceled:       {"run it again"},
	NotAsked: {
		"a key goes with its host: `codexform plan` shows what differs, and `codexform apply` puts base_url and key in place together",
		"where another file or a variable decides (/etc/codex, requirements.toml, .env), change it there",
	},
	NoCredential: {"name a secret in the desired state, or a provider that uses it (requires_openai_auth, env_key)"},
}

func (a Answer) missingHints() []string {
	var out []string
	for _, model := range a.Missing {
		if near := a.Near[model]; len(near) > 0 {
			out = append(out, fmt.Sprintf("%s is not among the %s of this key; near: %s", plain(model), count(a.Listed), strings.Join(near, ", ")))
		} else {
			out = append(out, fmt.Sprintf("%s is not among the %s of this key", plain(model), count(a.Listed)))
		}
	}
	return append(out, "is the name spelt as the gateway spells it, and may this key use the model?")
}

func count(models int) string {
	if models == 1 {
		return "1 model"
	}
	return fmt.Sprintf("%d models", models)
}
