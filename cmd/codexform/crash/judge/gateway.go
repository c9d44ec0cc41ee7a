//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// gateway is a model list on a loopback port. It lets certain keys in, and writes
// down every key that is not for it: the promise is that it never sees one.
type gateway struct {
	keys   []string
	budget int // lists until all keys are refused; < 0 without end
	log    string

	mu   sync.Mutex
	left int
}

// The gateways: one for each host of the cases, and one that lists once and then
// refuses, so that what was probed is refused after it was written.
var gateways = map[string]*gateway{
	"old":    {keys: []string{oldKey, newKey}, budget: -1},
	"new":    {keys: []string{newKey}, budget: -1},
	"fickle": {keys: []string{newKey}, budget: 1},
}

// serve starts the gateways and writes their URLs to DIR/old, DIR/new and
// DIR/fickle. It ends with the process. GET /reset gives a gateway its budget back.
func serve(dir string) error {
	fail := make(chan error)
	for name, g := range gateways {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		g.left, g.log = g.budget, filepath.Join(dir, "strangers")
		url := fmt.Sprintf("http://%s/v1", l.Addr())
		if err := os.WriteFile(filepath.Join(dir, name), []byte(url), 0o600); err != nil {
			return err
		}
		go func() { fail <- http.Serve(l, g) }()
	}
	return <-fail
}

// reset gives the gateways of a folder their budget back.
func reset(dir string) error {
	url, err := os.ReadFile(filepath.Join(dir, "fickle"))
	if err != nil {
		return err
	}
	resp, err := http.Get(strings.TrimSuffix(string(url), "/v1") + "/reset")
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if r.URL.Path == "/reset" {
		g.left = g.budget
		return
	}
	key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !slices.Contains(g.keys, key) {
		g.stranger(r)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if g.left == 0 {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	g.left--
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"data": []map[string]string{{"id": "m1"}, {"id": "m2"}}})
}

func (g *gateway) stranger(r *http.Request) {
	f, err := os.OpenFile(g.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	defer f.Close()
	fmt.Fprintln(f, r.Host, r.Header.Get("Authorization"))
}
