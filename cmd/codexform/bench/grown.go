package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// growing are runs of which ten times more may cost ten times as much: of sessions that
// another provider hides, of policies one over another, of one after another, and of
// tables that are the user's.
func (b *bench) growing(guide string) ([]program, error) {
	var all []program
	for _, n := range []int{400, 4_000} {
		home, err := b.home(fmt.Sprint("sessions-", n), lived(200))
		if err == nil {
			err = sessions(filepath.Join(home, ".codex", "sessions", "2026", "11", "02"), n)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, program{name: fmt.Sprintf("plan, %d sessions of another provider", n), group: large, home: home, few: true, turns: [][]string{b.us("plan", guide)}})
	}
	for _, n := range []int{10, 100} {
		policies, err := b.manyYAML(n)
		if err != nil {
			return nil, err
		}
		home, err := b.home(fmt.Sprint("policies-", n), lived(200), policies...)
		if err != nil {
			return nil, err
		}
		all = append(all, program{name: fmt.Sprintf("no-op plan, %d policies", n), group: large, home: home, few: true, turns: [][]string{b.us("plan", policies...)}})
		if home, err = b.home(fmt.Sprint("policies-changing-", n), lived(200)); err != nil {
			return nil, err
		}
		all = append(all, program{
			name: fmt.Sprintf("apply, then destroy, %d policies", n), group: large, home: home, few: true,
			jobs:  []string{fmt.Sprintf("apply, %d policies", n), fmt.Sprintf("destroy, %d policies", n)},
			turns: [][]string{b.us("apply", policies...), b.destroys(home)},
		})
	}
	for _, n := range []int{800, 8_000} {
		home, err := b.home(fmt.Sprint("projects-", n), projects(n), guide)
		if err != nil {
			return nil, err
		}
		all = append(all, program{name: fmt.Sprintf("no-op plan, %d project tables", n), group: large, home: home, few: true, turns: [][]string{b.us("plan", guide)}})
	}
	for _, n := range []int{200, 2_000} {
		p, err := b.swap(n)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// swap is a policy, another in its place, and a destroy of what both have left.
func (b *bench) swap(n int) (program, error) {
	one, err := b.keysYAML("keys", n, gateway)
	if err != nil {
		return program{}, err
	}
	two, err := b.keysYAML("others", n, another)
	if err != nil {
		return program{}, err
	}
	home, err := b.home(fmt.Sprint("swap-", n), lived(200))
	return program{
		name: fmt.Sprintf("two policies, then destroy, %d keys", n), group: large, home: home, few: true,
		jobs: []string{fmt.Sprintf("apply of a first policy, %d keys", n), fmt.Sprintf("apply of another in its place, %d keys", n), fmt.Sprintf("destroy after both, %d keys", n)},
		turns: [][]string{
			b.us("apply", one...), b.us("apply", two...), b.destroys(home),
		},
	}, err
}

// sessions are files as Codex begins them, with instructions of usual length.
func sessions(dir string, n int) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for i := range n {
		text := fmt.Sprintf(`{"timestamp":"2026-11-02T10:00:00Z","type":"session_meta","payload":{"id":"%d","cwd":"/home/mira","model_provider":"rack","base_instructions":{"text":%q}}}`+"\n",
			i, strings.Repeat("You are a coding agent. ", 500))
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("rollout-2026-11-02T10-00-00-%d.jsonl", i)), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// manyYAML is that many policies, each with four keys of its own.
func (b *bench) manyYAML(n int) ([]string, error) {
	var files []string
	for i := range n {
		file, err := b.policy(fmt.Sprintf("policy-%d-%d", n, i), fmt.Sprintf(
			"version: 1\nsettings:\n  model_providers:\n    layer-%d: {name: Layer %d, base_url: 'https://layer-%d.example/v1', wire_api: responses, request_max_retries: 3}\n", i, i, i))
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}
