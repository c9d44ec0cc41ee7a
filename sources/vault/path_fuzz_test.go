package vault

import (
	"net/url"
	"path"
	"testing"
)

// Whatever the desired state calls a mount, a path or a user: what is asked stays
// below that mount, and arrives as it was written.
func FuzzPath(f *testing.F) {
	f.Add("secret", "codex", "ada")
	f.Add("team/kv", "a b/ü?x#y%2e%2e", "ada@example.com")
	f.Add("secret/..", "../sys/seal", "..")
	f.Add("secret", `..\..\sys`, "a/b")
	f.Fuzz(func(t *testing.T, mount, secret, user string) {
		c := Config{Address: "https://vault.example:8200", Mount: mount, Path: secret, Auth: Auth{
			Method: MethodUserpass, Mount: mount, Username: user, Password: Parameter{Env: "A"},
		}}
		c, err := c.resolve(World{LookupEnv: func(string) (string, bool) { return "", false }})
		if err != nil {
			return
		}
		client := &Client{config: c}
		for _, p := range []string{client.apiPath(EngineKV1), client.apiPath(EngineKV2), "auth/" + c.Auth.Mount + "/login/" + c.Auth.Username} {
			p = "/v1/" + p
			if joined := path.Join("/", p); joined != p {
				t.Errorf("%q is asked for as %q", p, joined)
			}
			u := url.URL{Path: p}
			got, err := url.ParseRequestURI(u.RequestURI())
			if err != nil || got.Path != p || got.RawQuery != "" {
				t.Errorf("%q arrives as %v, %v", p, got, err)
			}
		}
	})
}
