package codex

import "github.com/codexform/codexform/plan"

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

// sendsLogin reports whether Codex would send the tokens of a ChatGPT login.
func sendsLogin(auth plan.Auth) bool { return auth.Login && authMode(auth) == modeLogin }
