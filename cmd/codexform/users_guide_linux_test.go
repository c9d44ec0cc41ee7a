package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

// TestManyUsersGuide types what the guide to many users has root type, and then what the
// guide to leaving has, on a machine where the people of the guide have accounts.
func TestManyUsersGuide(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 0)
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("Authorization"), "max") {
			http.Error(w, "{}", http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"data":[{"id":"gpt-5.4"}]}`)
	}))
	defer gateway.Close()
	m.policy(gateway.URL, 0)
	text, err := os.ReadFile(m.yaml)
	m.must(err)
	keys := filepath.Join(filepath.Dir(m.yaml), "keys")
	m.must(os.MkdirAll(keys, 0o700))
	for i, name := range []string{"kim", "lee", "max", "ann"} {
		home := filepath.Join(m.homes, name)
		m.listed(name, firstUID+i, home)
		m.must(os.MkdirAll(home, 0o755))
		if name != "ann" {
			m.must(os.MkdirAll(filepath.Join(home, ".codex"), 0o700))
			m.must(os.Chown(filepath.Join(home, ".codex"), firstUID+i, firstUID+i))
		}
		m.must(os.Chown(home, firstUID+i, firstUID+i))
		m.must(os.WriteFile(filepath.Join(keys, name), []byte("sk-"+name+"-0123456789abcdef"), 0o600))
	}
	m.must(os.MkdirAll("/etc/codexform", 0o755))
	m.must(os.WriteFile("/etc/codexform/codex.yaml", []byte(strings.Replace(string(text), "keys/", keys+"/", 1)), 0o644))
	exits := map[string]int{"apply": 5, "status": 2}
	for _, c := range typed(t, "many-users.md") {
		if c.args[0] == "status" { // what lee has done meanwhile
			config := filepath.Join(m.homes, "lee", ".codex", "config.toml")
			data, err := os.ReadFile(config)
			m.must(err)
			m.must(os.WriteFile(config, regexp.MustCompile(`(?m)^(model|review_model|wire_api) = .*\n`).ReplaceAll(data, nil), 0o600))
		}
		m.shows(c, exits[c.args[0]])
	}
	left := typed(t, "leaving.md")
	for _, c := range left {
		m.shows(c, 0)
	}
	if len(left) != 1 {
		t.Errorf("%d commands of leaving", len(left))
	}
	m.holds(filepath.Join(m.homes, "kim", ".codex", ".codexform", "status.json"), `"none"`)
}

// typing is a command of a guide, and what the guide shows of its answer.
type typing struct {
	args  []string
	shown string
}

// typed are the commands of a guide's passages that are run by TestManyUsersGuide.
func typed(t *testing.T, guide string) (all []typing) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "guides", guide))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(page), "; TestManyUsersGuide ")
	_, rest, _ = strings.Cut(rest, "```")
	body, _, _ := strings.Cut(rest, "```")
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		if args, ok := strings.CutPrefix(strings.TrimPrefix(line, "$ "), "codexform "); ok {
			all = append(all, typing{args: strings.Fields(args)})
		} else if len(all) > 0 && line != "" {
			all[len(all)-1].shown += line + "\n"
		}
	}
	if !found || len(all) == 0 {
		t.Fatalf("%s has no command for this test", guide)
	}
	return all
}

// shows runs a command and holds its answer against what the guide shows, in which … stands
// for the rest of a line. A guide may show nothing.
func (m *usersMachine) shows(c typing, exit int) {
	m.t.Helper()
	out, code := m.run(c.args...)
	want := strings.ReplaceAll(regexp.QuoteMeta(c.shown), "…", ".*")
	if code != exit || c.shown != "" && !regexp.MustCompile("^"+want+"$").MatchString(out) {
		m.t.Errorf("%v: exit %d, want %d\n%s\nthe guide shows\n%s", c.args, code, exit, out, c.shown)
	}
}
