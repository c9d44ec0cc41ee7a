package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
)

// roots is what companies set SSL_CERT_FILE to: all that a system trusts, and one more.
const roots = "/etc/ssl/certs/ca-certificates.crt"

// confirms ask a gateway on this machine, which answers at once.
func (b *bench) confirms() ([]program, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"data":[{"id":"gpt-5.4"}]}`)
	}))
	policy, err := b.policy("confirm", fmt.Sprintf("version: 1\nmodel: gpt-5.4\nprovider: {id: here, name: Here, base_url: 'http://%s/v1'}\nsecret: {env: ROUTESCOPE_API_KEY}\n", listener.Addr()))
	if err != nil {
		return nil, err
	}
	home, err := b.home("confirm", lived(200), policy)
	if err != nil {
		return nil, err
	}
	ask := [][]string{{b.bin("codexform"), "confirm", "-f", policy}}
	all := []program{{name: "codexform confirm, http", group: own, home: home, turns: ask, peer: true}}
	if _, err := os.Stat(roots); err == nil {
		all = append(all, program{
			name: "codexform confirm, http, SSL_CERT_FILE set", group: own, home: home, turns: ask, peer: true, env: []string{"SSL_CERT_FILE=" + roots},
		})
	}
	return all, nil
}
