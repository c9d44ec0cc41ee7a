package vaulttest

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// Issuer signs identity tokens as GitHub's and GitLab's do, and publishes its keys
// by OpenID discovery at URL. It is a GitHub runner's token service as well.
type Issuer struct {
	URL    string
	Bearer string         // what the runner's token service wants
	Claims map[string]any // that the runner's tokens have, beside the standard ones
	key    *ecdsa.PrivateKey
	server *httptest.Server
}

// NewIssuer starts an issuer on loopback.
func NewIssuer(tb testing.TB) *Issuer {
	i := &Issuer{Bearer: "runner-bearer-" + rand.Text(), key: newKey(tb)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", i.discover)
	mux.HandleFunc("GET /keys", i.keys)
	mux.HandleFunc("GET /runner", i.runner)
	i.server = httptest.NewServer(mux)
	tb.Cleanup(i.server.Close)
	i.URL = i.server.URL
	return i
}

// RunnerURL is what the runner puts into ACTIONS_ID_TOKEN_REQUEST_URL.
func (i *Issuer) RunnerURL() string { return i.URL + "/runner?api-version=2.0" }

// Sign makes an identity token. The claims go over the standard ones; a nil takes
// one away.
func (i *Issuer) Sign(claims map[string]any) string {
	now := time.Now()
	all := map[string]any{
		"iss": i.URL, "sub": "repo:acme/laptops:ref:refs/heads/main",
		"iat": now.Unix(), "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}
	maps.Copy(all, claims)
	maps.DeleteFunc(all, func(_ string, v any) bool { return v == nil })
	text := encode(map[string]any{"alg": "ES256", "typ": "JWT", "kid": "1"}) + "." + encode(all)
	hash := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, i.key, hash[:])
	if err != nil {
		panic(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(append(pad(r), pad(s)...))
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func pad(n *big.Int) []byte { return n.FillBytes(make([]byte, 32)) }

func (i *Issuer) discover(w http.ResponseWriter, _ *http.Request) {
	json.NewEncoder(w).Encode(map[string]any{
		"issuer": i.URL, "jwks_uri": i.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"ES256"}, "response_types_supported": []string{"id_token"},
	})
}

func (i *Issuer) keys(w http.ResponseWriter, _ *http.Request) {
	b64 := base64.RawURLEncoding.EncodeToString
	json.NewEncoder(w).Encode(map[string]any{"keys": []any{map[string]any{
		"kty": "EC", "crv": "P-256", "kid": "1",
		"use": "sig", "alg": "ES256", "x": b64(pad(i.key.X)), "y": b64(pad(i.key.Y)),
	}}})
}

func (i *Issuer) runner(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+i.Bearer {
		http.Error(w, `{"message":"no such job"}`, http.StatusUnauthorized)
		return
	}
	claims := maps.Clone(i.Claims)
	if claims == nil {
		claims = map[string]any{}
	}
	claims["aud"] = r.URL.Query().Get("audience")
	json.NewEncoder(w).Encode(map[string]any{"count": 1, "value": i.Sign(claims)})
}
