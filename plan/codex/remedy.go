package codex

import (
	"strings"

	"github.com/codexform/codexform/plan"
)

// Fix is what to do first where Codex would not send what stands there, or nothing at all;
// "" where nothing is in its way. With a desired state that brings the credential along, it
// is to apply that.
func (a Access) Fix(d plan.Desired) string {
	about := func(text string) bool { return strings.Contains(a.Problem, text) }
	switch {
	case a.Unsure != "":
		return "correct that table of the provider in config.toml"
	case about("CODEX_ACCESS_TOKEN "):
		return "unset CODEX_ACCESS_TOKEN where Codex is started"
	case about("forced_login_method "):
		return `remove forced_login_method, or set it to "api"`
	case about("cli_auth_credentials_store "):
		return `set cli_auth_credentials_store to "file", or choose delivery: env_key or command`
	case about("base_url is empty"), about("is not defined"):
		return orApply(d, "correct model_provider and its entry below model_providers")
	case about("env_key is empty"):
		return orApply(d, "name the variable in env_key, or take env_key out of the provider")
	case strings.HasPrefix(a.Credential, "env:"), about("the variable "):
		return "set " + variableOf(a, d) + " where Codex is started, or in .env in the Codex home"
	case a.Credential == FromLogin:
		return orApply(d, `set auth_mode in auth.json to "apikey"; with a secret in the desired state codexform does it`)
	case about("another credential"), about("cannot read an auth.json"), about("spaces around it"), about("control character"):
		return orApply(d, "write the key anew: codex login --with-api-key")
	case a.Credential == FromCommand:
		return "name a desired state with the secret that the command prints, with -f"
	case a.Problem == "" && a.Credential != FromNothing:
		return ""
	case d.Secret != nil:
		return orApply(d, "")
	case openAIItself(a):
		return "`codex login`"
	case a.Problem == "", about("lacks requires_openai_auth"):
		return "give the provider a way to its key: requires_openai_auth = true, or env_key"
	}
	return "`codexform init` writes a desired state to name the key's source in; `codexform apply` puts it in place"
}

// orApply is to apply what brings a credential along, or else what somebody has to do.
func orApply(d plan.Desired, otherwise string) string {
	if d.Secret == nil {
		return otherwise
	}
	return "look at `codexform plan`, then run `codexform apply`: it puts the provider and its credential in place"
}

// variableOf is the variable that Codex misses, for people.
func variableOf(a Access, d plan.Desired) string {
	if name := a.Variable(); name != "" || d.Provider == nil {
		return name
	}
	return plan.ShowName(d.Provider.EnvKey)
}

func openAIItself(a Access) bool { return a.Origin() == plan.HostOf(openAIURL) }
