package codex

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

func credentialRules() []Rule {
	return []Rule{
		{"credential-store", plan.Error, "Codex does not read auth.json", credentialStore},
		{"login-method-conflict", plan.Error, "Codex would delete auth.json", loginMethodConflict},
		{"chatgpt-login-displaced", plan.Warning, "a ChatGPT login would no longer be used", loginDisplaced},
		{"token-would-reach-gateway", plan.Error, "the gateway would get the user's ChatGPT token", tokenWouldReachGateway},
		{"foreign-credential", plan.Error, "the provider's entry holds a key of somebody else's", foreignCredential},
		{"auth-file-unused", plan.Error, "the provider does not use the key in auth.json", authFileUnused},
		{"env-key-unset", plan.Warning, "the variable that holds the key is not set", envKeyUnset},
		{"environment-wins", plan.Warning, "codex exec would use a key of the environment", environmentWins},
		{"secret-shape", plan.Warning, "the key in auth.json is not a whole key", secretShape},
		{"secret-in-file", plan.Warning, "config.toml holds a key in clear", secretInFile},
	}
}

func credentialStore(f *finder) {
	store := f.merged.Get("cli_auth_credentials_store").Text()
	if !f.keyComes() || store != "keyring" && store != "ephemeral" {
		return
	}
	a := plan.Address{"cli_auth_credentials_store"}
	f.add(a, fmt.Sprintf("with %s = %q%s Codex does not read the key in auth.json, and sends none", a, store, f.elsewhere(a)),
		`set it to "file", or choose delivery: env_key or command`)
}

func loginMethodConflict(f *finder) {
	if f.merged.Get("forced_login_method").Text() != "chatgpt" || !f.keyComes() && authMode(f.Auth) != modeKey {
		return
	}
	a := plan.Address{"forced_login_method"}
	f.add(a, fmt.Sprintf(`with %s = "chatgpt"%s Codex deletes an auth.json that holds a key, and takes no turn`, a, f.elsewhere(a)),
		`remove it or set it to "api"`)
}

func loginDisplaced(f *finder) {
	if !f.keyComes() || !sendsLogin(f.Before.Auth) {
		return
	}
	f.addAt(f.Desired.Secret.Origin, f.rule.Severity,
		"auth.json holds a ChatGPT login, which stays there but is no longer used: auth_mode becomes apikey",
		"codexform destroy gives the login its place back")
}

func tokenWouldReachGateway(f *finder) {
	id := selectedProvider(f.merged)
	entry := f.merged.Get("model_providers").Get(id)
	if f.keyComes() || !sendsLogin(f.Auth) || openAIHost(entry.Get("base_url").Text()) {
		return
	}
	if Effective(f.merged, f.Auth, f.Env).Credential != FromLogin {
		return
	}
	f.add(plan.Address{"model_providers", id},
		fmt.Sprintf("auth.json holds a ChatGPT login and no key, so Codex would send the user's ChatGPT token to %s", host(entry.Get("base_url").Text())),
		"give the policy a secret, or remove requires_openai_auth from the provider")
}

func host(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return "the provider"
	}
	return u.Hostname()
}

// openAIHost reports whether a base_url is OpenAI's own; none means it is.
func openAIHost(base string) bool {
	h := host(base)
	return base == "" || h == "openai.com" || strings.HasSuffix(h, ".openai.com") || strings.HasSuffix(h, ".chatgpt.com")
}

func authFileUnused(f *finder) {
	others := []string{"env_key", bearerKey, "auth", "gateway_oauth"}
	from := "auth.json"
	if f.Desired.Delivery == plan.DeliveryCommand {
		others, from = others[:2], "the policy's command" // which come before it
	} else if !f.keyComes() {
		return
	}
	id := selectedProvider(f.merged)
	entry := f.merged.Get("model_providers").Get(id)
	if entry.IsAbsent() {
		return
	}
	a := plan.Address{"model_providers", id}
	for _, other := range others {
		if p := f.Desired.Provider; p != nil && p.ID == id && other == bearerKey && !f.Root.At(append(a, bearerKey)).IsAbsent() {
			continue // a foreign credential, which is another rule's
		}
		if v := entry.Get(other); !v.IsAbsent() && (v.Kind() != plan.KindString || v.Text() != "") {
			f.add(append(a, other), fmt.Sprintf("the provider %s takes its key from %s%s, not from %s", id, other, f.elsewhere(append(a, other)), from), "list it under absent, or have it taken out where it stands")
			return
		}
	}
	if f.keyComes() && !entry.Get("requires_openai_auth").True() && f.Version.measuredBy().Compare(asksForAuth) >= 0 {
		f.add(a, fmt.Sprintf("Codex does not use the key in auth.json for the provider %s: requests go out without one", id),
			"set requires_openai_auth to true in it")
	}
}

// asksForAuth is the first measured version that sends the key of auth.json only to a
// provider that asks for it.
var asksForAuth = Version{0, 150, 0}

func envKeyUnset(f *finder) {
	if f.Partial {
		return // nor is its environment known
	}
	p := f.Desired.Provider
	if p == nil || p.EnvKey == "" || f.Env.Get(p.EnvKey) != "" {
		return
	}
	if p.AuthHeader != "" {
		f.addAt(p.Origin, f.rule.Severity, fmt.Sprintf("%s is not set here, and Codex sends no %s without it", plan.ShowName(p.EnvKey), p.AuthHeader),
			"set it where Codex is started")
		return
	}
	f.addAt(p.Origin, f.rule.Severity, fmt.Sprintf("%s is not set here, and Codex takes no turn without it", plan.ShowName(p.EnvKey)),
		"set it where Codex is started")
}

func environmentWins(f *finder) {
	if f.keyComes() && f.Env.Get("CODEX_API_KEY") != "" {
		f.addAt(f.Desired.Secret.Origin, f.rule.Severity,
			"CODEX_API_KEY is set here: codex exec sends it instead of the key in auth.json", "unset it")
	}
}

func secretShape(f *finder) {
	key := f.Auth.Key
	if !key.Known() || f.keyComes() {
		return
	}
	if _, err := plan.ParseSecret(key.Reveal()); err != nil {
		f.addAt(plan.Origin{}, f.rule.Severity,
			"OPENAI_API_KEY in auth.json cannot be used as it stands: "+err.Error(), "write the key anew: codex login --with-api-key")
	} else if slices.Contains(key.Reveal(), '\n') {
		f.addAt(plan.Origin{}, f.rule.Severity,
			"OPENAI_API_KEY in auth.json ends in a line break: Codex sends no Authorization at all", "write the key anew: codex login --with-api-key")
	}
}

func secretInFile(f *finder) {
	for _, p := range f.Root.Get("model_providers").Members() {
		a := plan.Address{"model_providers", p.Key}
		for _, key := range []string{"experimental_bearer_token", "http_headers", "query_params"} {
			for _, at := range plan.Secrets(append(slices.Clone(a), key), p.Value.Get(key)) {
				f.addSecretInFile(at)
			}
		}
	}
}

func (f *finder) addSecretInFile(a plan.Address) {
	f.add(a, fmt.Sprintf("%s is a key in clear in config.toml, which people show and copy around", a),
		"use env_key, env_http_headers or a command")
}
