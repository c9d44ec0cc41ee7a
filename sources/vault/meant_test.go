package vault_test

import (
	"testing"

	"github.com/codexform/codexform/sources/vault"
)

// Each place in each spelling in which people have it at hand means the one place.
func TestMeant(t *testing.T) {
	for _, mount := range []string{"secret", "team/kv"} {
		for _, path := range []string{"codex", "team/codex"} {
			for _, before := range []string{
				"", "data/", "metadata/", mount + "/", mount + "/data/", mount + "/metadata/", "v1/" + mount + "/data/", "/v1/" + mount + "/metadata/",
				"https://vault.example:8200/v1/" + mount + "/data/", "http://vault.example/ui/vault/secrets/" + mount + "/show/",
				"ui/vault/secrets/" + mount + "/kv/", mount + "/" + mount + "/data/", "vault:" + mount + "/",
			} {
				for after, field := range map[string]string{"": "", "#api_key": "api_key", "?version=3": "", "/": ""} {
					want := vault.Place{Mount: mount, Path: path, Field: field}
					if got := vault.Meant(mount, before+path+after); got != want {
						t.Errorf("%s in %s: got %v, want %v", before+path+after, mount, got, want)
					}
				}
			}
			for _, before := range []string{mount + "/data/", "v1/" + mount + "/metadata/", "https://vault.example/v1/" + mount + "/data/"} {
				want := vault.Place{Mount: mount, Path: path}
				if got := vault.Meant("other", before+path); got != want {
					t.Errorf("%s in another mount: got %v, want %v", before+path, got, want)
				}
			}
		}
	}
}
