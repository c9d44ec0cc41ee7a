package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// largePrograms are plans and applies of many keys and on large files.
func (b *bench) largePrograms(guide, other string) ([]program, error) {
	var all []program
	for _, n := range []int{200, 2_000} {
		policies, err := b.keysYAML("keys", n, gateway)
		if err != nil {
			return nil, err
		}
		fresh, err := b.home(fmt.Sprint("fresh-", n), lived(200))
		if err != nil {
			return nil, err
		}
		changing, err := b.home(fmt.Sprint("keys-changing-", n), lived(200))
		if err != nil {
			return nil, err
		}
		settled, err := b.home(fmt.Sprint("keys-", n), lived(200), policies...)
		if err != nil {
			return nil, err
		}
		all = append(all,
			program{name: fmt.Sprintf("plan, %d new keys", n), group: large, home: fresh, few: true, turns: [][]string{b.us("plan", policies...)}},
			program{name: fmt.Sprintf("apply, then destroy, %d keys", n), group: large, home: changing, few: true, jobs: []string{fmt.Sprintf("apply, %d keys", n), fmt.Sprintf("destroy, %d keys", n)}, turns: [][]string{
				b.us("apply", policies...), b.destroys(changing),
			}},
			program{name: fmt.Sprintf("no-op plan, %d keys", n), group: large, home: settled, few: true, turns: [][]string{b.us("plan", policies...)}},
		)
	}
	for _, lines := range []int{500, 5_000, 50_000} {
		home, err := b.home(fmt.Sprint("lines-", lines), lived(lines), guide)
		if err != nil {
			return nil, err
		}
		all = append(all, program{
			name: fmt.Sprintf("apply, %d lines", lines), group: large, home: home, few: true,
			turns: [][]string{b.us("apply", other), b.us("apply", guide)}, env: []string{"OTHER_API_KEY=" + strings.Replace(key, "bench", "other", 1)},
		})
	}
	growing, err := b.growing(guide)
	if err != nil {
		return nil, err
	}
	home, err := b.home("600k", projects(8_000), guide)
	return append(append(all, growing...), program{
		name: "apply, 600 KB of trust tables", group: large, home: home, few: true,
		turns: [][]string{b.us("apply", other), b.us("apply", guide)}, env: []string{"OTHER_API_KEY=" + strings.Replace(key, "bench", "other", 1)},
	}), err
}

// us is a command line of ours that asks nobody.
func (b *bench) us(command string, policy ...string) []string {
	args := append([]string{b.bin("codexform")}, b.flags(command, policy...)...)
	if command != "plan" {
		args = append(args, "--auto-approve", "--no-confirm")
	}
	return args
}

// destroys is a command line that gives all back.
func (b *bench) destroys(home string) []string {
	return append(append([]string{b.bin("codexform")}, b.flags("destroy")...), "--auto-approve", "--codex-home", filepath.Join(home, ".codex"))
}

// keysYAML is policies with that many keys in a quarter as many tables; one file holds
// 64 KiB at most.
func (b *bench) keysYAML(name string, n int, entry func(i int) string) ([]string, error) {
	var files []string
	for start := 0; start < n/4; start += 250 {
		var t strings.Builder
		t.WriteString("version: 1\nsettings:\n  model_providers:\n")
		for i := start; i < min(start+250, n/4); i++ {
			t.WriteString(entry(i))
		}
		file, err := b.policy(fmt.Sprintf("%s-%d-%d", name, n, start), t.String())
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

func gateway(i int) string {
	return fmt.Sprintf("    gateway-%d: {name: Gateway %d, base_url: 'https://gateway-%d.example/v1', wire_api: responses, request_max_retries: 3}\n", i, i, i)
}

// another is what another policy says instead: every second table with other values, and
// others in the place of the rest.
func another(i int) string {
	if i%2 == 0 {
		return strings.ReplaceAll(gateway(i), "Gateway", "Relay")
	}
	return strings.ReplaceAll(gateway(i), "gateway", "relay")
}

func projects(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "[projects.\"/home/someone/work/project-%d\"]\ntrust_level = \"trusted\" # yes\n\n", i)
	}
	return b.String()
}
