package codex

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/codexform/codexform/plan"
)

// The credentials that Codex can send, as Access.Credential says them. A variable
// is "env:" and its name.
const (
	FromAuthJSON = "auth.json"
	FromBearer   = "bearer"        // experimental_bearer_token in config.toml
	FromCommand  = "command"       // the provider's auth or gateway_oauth command
	FromHeader   = "header"        // an Authorization header in config.toml; with ":" and a name another header
	FromQuery    = "query"         // a parameter of the query, with ":" and its name
	FromLogin    = "chatgpt login" // the tokens of a ChatGPT login
	FromGateway  = "gateway login" // the tokens of the provider's own login, gateway_oauth
	FromNothing  = "none"          // requests go out without Authorization
)

// Access is how Codex would reach its model provider: where, and with what.
type Access struct {
	Provider string // the id in model_provider, "openai" where there is none
	Name     string // the provider's name
	BaseURL  string // as it is written
	Query    []Field
	Headers  []Field // without Authorization
	Unset    []Field // headers that Codex leaves out: their variables are not set

	// Credential says what Codex would send, for people: "auth.json", "env:NAME", …
	Credential string
	// Secret is what Codex would send after "Bearer ". Not Known for a command, any
	// login, a header that is no Bearer one, and where there is nothing to send.
	Secret plan.Secret
	// Authorization is the whole header of FromHeader, else not Known.
	Authorization Field
	Command       *Command // of FromCommand, else nil
	// Dotenv has the variables of this access whose values are those of the home's .env,
	// each with the place where it is set.
	Dotenv map[string]string
	// Exec names the variable that codex exec, and only it, would prefer; "" when
	// there is none.
	Exec string
	// Problem is why Codex would not send the credential that stands there, or would
	// not start at all; "" when nothing is in its way. It never holds a secret.
	Problem string
	// Unsure is why nobody can say what of the headers and the query Codex would send; ""
	// where that is known.
	Unsure string
}

// Field is one header or one parameter of the query. Its value may be a secret.
type Field struct {
	Name     string
	Value    plan.Secret
	Place    string // the table of the provider that it stands in
	Variable string // that the value comes from, "" for a value in config.toml
}

// Command is a program that prints the credential.
type Command struct {
	Argv    []string
	Dir     string        // "" is where Codex was started
	Timeout time.Duration // 0 when config.toml gives none
}

// Effective works out, by the rules of Codex 0.169, how Codex would reach its
// model provider. root is config.toml with the other layers merged in (see
// Layers.Merge), auth is auth.json, env is the environment of the Codex process.
func Effective(root plan.Value, auth plan.Auth, env Environment) Access {
	a := Access{Provider: selectedProvider(root), Credential: FromNothing}
	entry := root.Get("model_providers").Get(a.Provider)
	if entry.IsAbsent() {
		entry = builtinProvider(a.Provider, root)
	}
	if entry.IsAbsent() {
		a.Problem = fmt.Sprintf("model_provider %q is not defined", a.Provider)
		return a
	}
	a.Name, a.BaseURL = entry.Get("name").Text(), entry.Get("base_url").Text()
	if entry.Get("base_url").IsAbsent() {
		a.BaseURL = openAIURL
	}
	a.Query = fields(entry, queryParams)
	var authorization []Field
	var chance string
	a.Headers, authorization, a.Unset, chance = headers(entry, env)
	for _, f := range slices.Concat(a.Headers, authorization, a.Unset) {
		a.readsHome(f.Variable, env)
	}
	a.credential(root, entry, auth, env)
	if a.Credential == FromNothing && len(authorization) > 0 {
		a.useHeader(authorization[len(authorization)-1])
	}
	if a.Credential == FromNothing {
		a.useField()
	}
	a.Unsure = cmp.Or(chance, cutQuery(a.Query))
	if a.BaseURL == "" {
		a.Problem = "base_url is empty, so Codex reaches nobody"
	}
	return a
}

// Origin is scheme, host and port of where Codex sends its credential, "" when the
// base URL has none.
func (a Access) Origin() string { return plan.HostOf(a.BaseURL) }

// ModelsURL is what a confirmation asks, for people. Of a base URL with a user name, a
// query or a fragment, which may be secrets, it is the host alone.
func (a Access) ModelsURL() string {
	if strings.ContainsAny(a.BaseURL, "@?#") {
		return plan.ShowURL(a.Origin())
	}
	return plan.ModelsURL(a.BaseURL)
}

// credential fills in the first credential that Codex finds.
func (a *Access) credential(root, entry plan.Value, auth plan.Auth, env Environment) {
	if key := entry.Get("env_key"); key.Kind() == plan.KindString {
		a.useVariable(key.Text(), env)
		return
	}
	if bearer := entry.Get("experimental_bearer_token"); bearer.Kind() == plan.KindString {
		a.Credential, a.Secret = FromBearer, plan.NewSecret([]byte(bearer.Text()))
		return
	}
	if c := credentialCommand(entry); c != nil {
		a.Credential, a.Command = FromCommand, c
		return
	}
	if entry.Get("gateway_oauth").Kind() == plan.KindTable {
		a.Credential = FromGateway
		return
	}
	if !entry.Get("requires_openai_auth").True() {
		if auth.Key.Known() {
			a.Problem = "the provider lacks requires_openai_auth = true, so Codex does not use auth.json"
		}
		return
	}
	if env.Get("CODEX_API_KEY") != "" {
		a.Exec = "CODEX_API_KEY"
	}
	if env.Get("CODEX_ACCESS_TOKEN") != "" {
		a.Problem = "CODEX_ACCESS_TOKEN is set, and Codex uses it instead of auth.json"
		return
	}
	if store := root.Get("cli_auth_credentials_store").Text(); store == "keyring" || store == "ephemeral" {
		a.Problem = fmt.Sprintf("cli_auth_credentials_store is %q, so Codex does not read auth.json", store)
		return
	}
	a.useAuthFile(root, auth)
}

func (a *Access) useVariable(name string, env Environment) {
	if a.Credential = "env:"; name != "" {
		a.Credential += plan.ShowName(name)
	}
	a.readsHome(name, env)
	v := env.Get(name)
	switch {
	case name == "":
		a.Problem = "env_key is empty, so Codex finds no variable to take the key from"
		return
	case v == "" && env.stands(name) != "":
		a.Problem = fmt.Sprintf("the variable %s holds nothing that Codex would send", plan.ShowName(name))
		return
	case v == "":
		a.Problem = fmt.Sprintf("the variable %s is not set", plan.ShowName(name))
		return
	}
	a.Secret = plan.NewSecret([]byte(v))
}

func (a *Access) readsHome(variable string, env Environment) {
	if variable != "" && env.Overrides(variable) {
		if a.Dotenv == nil {
			a.Dotenv = map[string]string{}
		}
		a.Dotenv[variable] = env.place(variable)
	}
}

// useHeader takes an Authorization header of config.toml; it stands in for
// whatever auth.json did not give.
func (a *Access) useHeader(h Field) {
	a.Credential, a.Authorization, a.Problem = FromHeader, h, ""
	if bearer, ok := bearerOf(h.Value); ok {
		a.Secret = bearer
	}
}

// bearerOf is what stands behind "Bearer " in a header.
func bearerOf(header plan.Secret) (plan.Secret, bool) {
	text := string(header.Reveal())
	if len(text) > 7 && strings.EqualFold(text[:7], "bearer ") {
		return plan.NewSecret([]byte(text[7:])), true
	}
	return plan.Secret{}, false
}

// useField takes another header or a parameter that carries a credential, as gateways
// want it that know no Authorization.
func (a *Access) useField() {
	for i, f := range append(a.Headers[:len(a.Headers):len(a.Headers)], a.Query...) {
		if !f.carriesCredential() {
			continue
		}
		a.Credential, a.Problem = FromHeader+":"+f.shown(), ""
		if i >= len(a.Headers) {
			a.Credential = FromQuery + ":" + f.shown()
		}
		return
	}
}

// isHeader reports a credential that travels in a field and not as a key.
func isHeader(credential string) bool {
	kind, _, _ := strings.Cut(credential, ":")
	return kind == FromHeader || kind == FromQuery
}

// fields are all headers and parameters that would go along.
func (a Access) fields() []Field {
	out := append(a.Headers[:len(a.Headers):len(a.Headers)], a.Query...)
	if a.Authorization.Value.Known() {
		out = append(out, a.Authorization)
	}
	return out
}

// carriesCredential reports a field that is a credential by its name or its value.
func (f Field) carriesCredential() bool {
	if f.Variable != "" && plan.SecretName(f.Variable) {
		return true
	}
	return f.secrecy() == plan.IsSecret
}

// shown is the field's name for people, who may have put a key in its place.
func (f Field) shown() string {
	if plan.LooksSecret(f.Name) {
		return plan.Masked
	}
	return f.Name
}

func (f Field) secrecy() plan.Grade {
	if !f.Value.Known() {
		return plan.Harmless
	}
	return plan.Secrecy(plan.Address{"model_providers", "", httpHeaders, f.Name}, plan.Str(string(f.Value.Reveal())))
}

// useAuthFile resolves auth.json as Codex does: the stated mode, else the first
// credential of its order.
func (a *Access) useAuthFile(root plan.Value, auth plan.Auth) {
	switch mode := authMode(auth); {
	case !auth.Exists:
		a.Problem = "there is no auth.json"
	case !knownMode(mode):
		a.Problem = fmt.Sprintf("Codex cannot read an auth.json whose auth_mode is %q", mode)
	case mode == modeKey:
		a.useKey(auth.Key)
		if a.Secret.Known() && root.Get("forced_login_method").Text() == "chatgpt" {
			a.Problem = `forced_login_method is "chatgpt", so Codex deletes auth.json when it meets a key there`
		}
	case mode != modeLogin:
		a.Problem = fmt.Sprintf("auth.json holds another credential (%s), which Codex uses instead of a key", mode)
	case !auth.Login:
		a.Problem = "auth.json holds no key that Codex would use"
	default:
		a.Credential = FromLogin
		if auth.Key.Known() {
			a.Problem = "auth.json holds a ChatGPT login that comes before its key"
		}
	}
}

func (a *Access) useKey(key plan.Secret) {
	switch text := string(key.Reveal()); {
	case text == "":
		a.Problem = "auth.json holds no key"
	case strings.ContainsFunc(text, unsendable):
		a.Problem = "the key in auth.json holds a line break or another control character, so Codex sends no Authorization at all"
	default:
		a.Credential, a.Secret = FromAuthJSON, key
		if strings.TrimSpace(text) != text {
			a.Problem = "the key in auth.json has spaces around it, and Codex sends them"
		}
	}
}

// unsendable reports a character that no header may hold.
func unsendable(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
