//go:build linux && amd64

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/codexform/codexform/plan"
)

// The parts in this file look for what a user of the home keeps secret: every shape of
// docs/reference/secrets.md, in the places where people have them. It may stand in
// config.toml, where they wrote it, and nowhere else: no output, no saved plan, no file of
// ours, no argument or environment of a child, and nothing that Codex is given to read.

// userSecret is one line of the table of shapes in package plan.
type userSecret struct {
	address plan.Address
	value   plan.Value
	secret  string
}

// spyingCodex is a Codex that keeps what it was given: the home, and the environment.
const spyingCodex = `#!/bin/sh
case "$*" in *--version*) echo codex-cli 0.142.0; exit;; esac
mkdir -p SEEN/$$ && cp -rL "$CODEX_HOME" SEEN/$$/home && env > SEEN/$$/env
`

// usersHome is a home with all of it, the policy that takes it away, and the Codex.
func (l *lab) usersHome(p usersPolicy, all []userSecret) (seed, policy string, err error) {
	dir := l.path("users-secrets", p.name)
	seed, policy = filepath.Join(dir, "seed"), filepath.Join(dir, "policy.yaml")
	codex := filepath.Join(dir, "bin", "codex")
	var needles strings.Builder
	for _, s := range all {
		needles.WriteString(s.secret + "\n")
	}
	err = errors.Join(os.MkdirAll(seed, 0o700), os.MkdirAll(filepath.Dir(codex), 0o700),
		os.WriteFile(filepath.Join(seed, "config.toml"), []byte(usersConfig(all)), 0o600),
		os.WriteFile(policy, []byte(p.text), 0o600), os.WriteFile(l.path("users-secrets", "key"), []byte(newKey+"\n"), 0o600),
		os.WriteFile(codex, []byte(strings.ReplaceAll(spyingCodex, "SEEN", l.path("tmp", "seen"))), 0o700),
		os.WriteFile(l.path("needles"), []byte(needles.String()), 0o600))
	return seed, policy, err
}

// usersCanary runs every command over such homes. What it would not find is no figure:
// the user's own file shows them all, and every policy has to be applied.
func (l *lab) usersCanary() (runs, leaks int, err error) {
	all, err := l.userSecrets()
	if err != nil {
		return 0, 0, err
	}
	policies, err := l.usersPolicies(all)
	for _, p := range policies {
		seed, policy, err := l.usersHome(p, all)
		if err != nil {
			return runs, leaks, err
		}
		if _, err := l.sh("rm -rf %s %s/* && cp -a %s %s", l.home, l.path("tmp"), seed, l.home); err != nil {
			return runs, leaks, err
		}
		if out, err := l.hunt(policy, "cat "+filepath.Join(seed, "config.toml")); err == nil {
			return runs, leaks, fmt.Errorf("nothing is found in the user's own file: %s", out)
		}
		applied := false
		for _, command := range l.commands(policy) {
			out, err := l.hunt(policy, strings.ReplaceAll(command, " --codex off", ""))
			if runs++; err != nil {
				leaks++
				fmt.Printf("    %s: %s\n    %s", p.name, strings.TrimPrefix(command, l.dir), out)
			}
			applied = applied || strings.Contains(command, "apply --auto-approve") && strings.HasSuffix(out, "exit 0\n")
		}
		if !applied {
			said, _ := l.sh("%s apply --auto-approve --codex-home %s -f %s 2>&1 | grep -A 3 error:", l.bin("codexform"), l.home, policy)
			return runs, leaks, fmt.Errorf("%s: no apply came to its end: %s", p.name, said)
		}
	}
	return runs, leaks, err
}

// hunt looks for the secrets while a command runs, and in what it leaves.
func (l *lab) hunt(policy, command string) (string, error) {
	return l.sh("cd %s && PATH=%s:$PATH CANARIES=%s %s -allow config.toml -dirs %s,%s run %s",
		l.path("tmp"), filepath.Join(filepath.Dir(policy), "bin"), l.path("needles"), l.bin("canary"), l.home, l.path("tmp"), command)
}

// usersKills kills and fills the disk at every call of an apply that takes the secrets.
func (l *lab) usersKills() ([]walk, error) {
	all, err := l.userSecrets()
	if err != nil {
		return nil, err
	}
	policies, err := l.usersPolicies(all)
	var walks []walk
	for _, p := range policies {
		if p.name != "remove" { // after it none is left anywhere
			continue
		}
		seed, policy, err := l.usersHome(p, all)
		if err != nil {
			return nil, err
		}
		run := fmt.Sprintf("%s apply --auto-approve --codex off --codex-home %s -f %s", l.bin("codexform"), l.home, policy)
		scan := fmt.Sprintf("CANARIES=%s %s -allow 'config.toml,.codexform-*' scan %s %s", l.path("needles"), l.bin("canary"), l.home, l.path("tmp"))
		walks = append(walks, walk{
			setup: fmt.Sprintf("rm -rf %s && cp -a %s %s", l.home, seed, l.home), faults: "kill,ENOSPC+",
			every: 3, argv: run, recover: run, check: scan, check2: strings.Replace(scan, "config.toml,.codexform-*", "none", 1),
		})
	}
	return walks, err
}

// shortSecret is what a search cannot tell from chance.
const shortSecret = 8

// userSecrets are the shapes with a secret in them; short ones are made longer.
func (l *lab) userSecrets() ([]userSecret, error) {
	data, err := os.ReadFile(filepath.Join(l.root, "plan", "testdata", "secrets.tsv"))
	if err != nil {
		return nil, err
	}
	var all []userSecret
	for line := range strings.Lines(string(data)) {
		f := strings.Split(line, "\t")
		if len(f) != 6 || f[3] == "" || f[0][0] == '#' {
			continue
		}
		s := userSecret{address: strings.Split(f[1], "."), secret: f[3]}
		if len(s.secret) < shortSecret {
			s.secret += "-l0nger"
		}
		if err := s.value.UnmarshalJSON([]byte(strings.ReplaceAll(f[2], f[3], s.secret))); err != nil {
			return nil, fmt.Errorf("%s: %w", f[0], err)
		}
		all = append(all, s)
	}
	if len(all) < 60 {
		return nil, fmt.Errorf("%d shapes of secrets", len(all))
	}
	return all, nil
}

// usersConfig is a config.toml that holds all of them.
func usersConfig(all []userSecret) string {
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "%s = %s\n", s.address, s.value.TOML())
		if s.address[0] != "model_providers" {
			continue
		}
		for _, key := range []string{"name", "base_url"} {
			if a := (plan.Address{"model_providers", s.address[1], key}); !a.Equal(s.address) {
				fmt.Fprintf(&b, "%s = %q\n", a, "https://h.example/v1")
			}
		}
	}
	return b.String()
}

// usersPolicy is a way in which a policy takes what is the user's.
type usersPolicy struct{ name, text string }

// usersPolicies take the secrets away one by one, by their tables, and put something
// else in their places.
func (l *lab) usersPolicies(all []userSecret) ([]usersPolicy, error) {
	one, tables, other := []plan.Address{}, map[string]bool{}, map[string]any{}
	for _, s := range all {
		one = append(one, s.address)
		if s.address[0] != "model_providers" { // where ours is
			tables[s.address[0]] = true
		}
		switch last := s.address[len(s.address)-1]; {
		case s.value.Kind() == plan.KindTable, s.address[0] == "hooks": // nothing takes the place of a table
		case last == "http_headers", last == "env": // and no table that of a list or a text
		default:
			s.replaceIn(other)
		}
	}
	roots := [][]string{}
	for root := range tables {
		roots = append(roots, []string{root})
	}
	var policies []usersPolicy
	for name, part := range map[string]map[string]any{"remove": {"absent": one}, "tables": {"absent": roots}, "replace": {"settings": other}} {
		maps.Copy(part, l.usersOurs())
		text, err := json.Marshal(part)
		if err != nil {
			return nil, err
		}
		policies = append(policies, usersPolicy{name, string(text)})
	}
	return policies, nil
}

// usersOurs is the rest of such a policy: what has to be confirmed.
func (l *lab) usersOurs() map[string]any {
	return map[string]any{
		"version": 1, "model": "m2", "provider": map[string]string{"id": "ours", "name": "gateway", "base_url": l.urls["new"]},
		"secret": map[string]string{"file": l.path("users-secrets", "key")}, "confirm": map[string]any{"attempts": 1},
	}
}

// replaceIn puts something harmless into settings where the secret is.
func (s userSecret) replaceIn(settings map[string]any) {
	last := len(s.address) - 1
	for _, key := range s.address[:last] {
		if settings[key] == nil {
			settings[key] = map[string]any{}
		}
		settings = settings[key].(map[string]any)
	}
	switch key := s.address[last]; {
	case key == "command":
		settings[key] = "other"
	case s.value.Kind() == plan.KindList:
		settings[key] = []string{"other"}
	case key == "base_url":
		settings[key] = "https://new.example/v1"
	default:
		settings[key] = ""
	}
}
