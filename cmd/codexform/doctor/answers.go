package doctor

import (
	"fmt"
	"strings"

	"github.com/codexform/codexform/apply/gateway"
)

// endInV1 is what to do about /v1. plan and apply ask it: endsInV1 in apply/gateway/hint.go.
const endInV1 = "end base_url in its version path, for example https://gateway.example/v1"

// gatewayFaults says of each answer what is wrong, and the one thing to do first. The
// questions that apply asks about the same answers are hints in apply/gateway/hint.go.
// The questions are those of gateways' own setup guides.
var gatewayFaults = map[gateway.Class]struct{ fault, fix string }{
	gateway.ModelMissing:   {"the account has no such model", "ask for a model that the gateway lists"},
	gateway.Unauthorized:   {"the gateway does not know the key", "give the whole key, the full sk-… value, of this gateway; see that it is not disabled, expired or out of quota"},
	gateway.Forbidden:      {"the gateway knows the key and does not let it in", "see on the gateway that the key is not disabled, expired or out of quota, may use the model, and may be used from this address (IP restrictions)"},
	gateway.NotFound:       {"there is no model list below base_url", endInV1},
	gateway.Rejected:       {"the gateway serves no model list there", "compare base_url with the gateway's own setup guide"},
	gateway.RateLimited:    {"the gateway wants fewer requests", "wait, then look again"},
	gateway.GatewayError:   {"the gateway is in trouble", "wait, then look again"},
	gateway.NotAModelList:  {"something answers that is not a model list", endInV1 + "; log in where this network asks for it (a portal)"},
	gateway.Redirected:     {"the gateway sends the request elsewhere, and codexform does not follow with the key", "set base_url to the address that it names, if that is the gateway's"},
	gateway.TooLarge:       {"the answer is too large for a model list", "compare base_url with the gateway's own setup guide"},
	gateway.TLSError:       {"no trusted connection to the gateway", "for a private authority name its certificates in CODEX_CA_CERTIFICATE; else correct the host in base_url, or this computer's clock"},
	gateway.DNSError:       {"the host in base_url has no address", "correct the host in base_url, or connect to the network that knows it (VPN)"},
	gateway.ConnRefused:    {"nothing listens at base_url", "start the gateway, or correct host and port in base_url"},
	gateway.Unreachable:    {"there is no way to the gateway", "connect to the network that leads there (VPN)"},
	gateway.Interrupted:    {"the connection to the gateway broke", "look again; see whether a proxy or firewall stands between"},
	gateway.Timeout:        {"the gateway did not answer in time", "look again; see whether a proxy or firewall stands between"},
	gateway.ProxyError:     {"the proxy lets nothing through", "correct HTTPS_PROXY, or add the gateway's host to NO_PROXY"},
	gateway.InvalidURL:     {"base_url cannot be used", "give it as https://host/path"},
	gateway.Insecure:       {"the key would travel in clear", "use https://, and for a gateway on this computer add its host to NO_PROXY"},
	gateway.ForbiddenPlace: {"base_url leads to an address that no gateway has", "correct the host in base_url"},
	gateway.Canceled:       {"the question was stopped", "look again"},
	gateway.NotAsked:       {"a key would meet a host that it is not for, so nobody was asked", "look at `codexform plan`, then run `codexform apply`: it puts base_url and key in place together"},
	gateway.NoCredential:   {"Codex would have no key to send", "name the key's source under secret, and apply"},
}

// gatewayFinding is the id of a finding about an answer.
func gatewayFinding(c gateway.Class) string {
	return "gateway-" + strings.ReplaceAll(string(c), "_", "-")
}

func gatewayFault(c gateway.Class) string { return gatewayFaults[c].fault }

// gatewayFix is what to do first about an answer.
func gatewayFix(a gateway.Answer) string {
	if a.Fixed != "" {
		return "set base_url to " + a.Fixed + ": that was tried, and answers with a model list"
	}
	for _, model := range a.Missing {
		if near := a.Near[model]; len(near) > 0 {
			return fmt.Sprintf("ask for %s instead of %s: the gateway lists it", near[0], model)
		}
	}
	return gatewayFaults[a.Class].fix
}
