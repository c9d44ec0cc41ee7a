package codex

import (
	"slices"

	"github.com/codexform/codexform/plan"
)

// The two ways to log in that matter to us; any other is a name of its own.
const (
	modeKey   = "apikey"
	modeLogin = "chatgpt"
)

// authMode is what Codex takes auth.json for: the stated auth_mode, else the
// first of another credential that it prefers, a key, a login.
func authMode(auth plan.Auth) string {
	switch {
	case auth.HasMode && auth.AuthMode == "chatgptAuthTokens":
		return modeLogin
	case auth.HasMode:
		return auth.AuthMode
	case auth.Rival != "":
		return auth.Rival
	case auth.Key.Known():
		return modeKey
	}
	return modeLogin
}

// modes are the values of auth_mode that Codex 0.169 knows, and the members of
// auth.json that decide when there is none.
var modes = []string{
	modeKey, modeLogin, "agentIdentity", "personalAccessToken", "bedrockApiKey", "bedrockAccessKeys",
	"personal_access_token", "bedrock_api_key", "bedrock_access_keys",
}

// knownMode reports whether Codex can read an auth.json of that mode; the case counts.
func knownMode(mode string) bool { return slices.Contains(modes, mode) }

// sendsLogin reports whether Codex would send the tokens of a ChatGPT login.
func sendsLogin(auth plan.Auth) bool { return auth.Login && authMode(auth) == modeLogin }
