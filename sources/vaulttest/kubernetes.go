package vaulttest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
)

// NewKubernetes starts an API server that reviews tokens: it knows the given ones,
// each as "namespace/account".
func NewKubernetes(tb testing.TB, accounts map[string]string) (url string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var review struct{ Spec struct{ Token string } }
		json.NewDecoder(r.Body).Decode(&review)
		account, known := accounts[review.Spec.Token]
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		json.NewEncoder(w).Encode(map[string]any{
			"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview",
			"status": status(account, known),
		})
	}))
	tb.Cleanup(server.Close)
	return server.URL
}

func status(account string, known bool) map[string]any {
	if !known {
		return map[string]any{"authenticated": false, "error": "the token is not known"}
	}
	return map[string]any{"authenticated": true, "user": map[string]any{
		"username": "system:serviceaccount:" + account, "uid": "1",
		"groups": []string{"system:serviceaccounts"},
	}}
}
