package main

import (
	"fmt"
	"path/filepath"
)

// ansible copies both files whole.
func (b *bench) ansible(bin, home string) ([]program, error) {
	play := func(model string) string {
		return fmt.Sprintf(`- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.copy: {dest: %q, mode: "0600", content: %q}
    - ansible.builtin.copy: {dest: %q, mode: "0600", content: %q}
`, filepath.Join(home, ".codex", "config.toml"), "model = \""+model+"\"\n"+lived(200)[len("# my settings\nmodel = \"gpt-5\"\n"):],
			filepath.Join(home, ".codex", "auth.json"), `{"OPENAI_API_KEY": "sk-for-`+model+"\"}\n")
	}
	if err := writeAll(home, map[string]string{"one.yml": play("gpt-5.4"), "two.yml": play("gpt-5")}); err != nil {
		return nil, err
	}
	run := func(name string, more ...string) []string {
		return append([]string{bin, "-i", "localhost,", filepath.Join(home, name)}, more...)
	}
	all := []program{
		peer("ansible-playbook --check, whole files", checks, home, run("one.yml", "--check")),
		peer("ansible-playbook, whole files", applies, home, run("two.yml"), run("one.yml")),
	}
	for i := range all {
		all[i].few = true
		all[i].env = append(all[i].env, "LC_ALL=C.UTF-8")
	}
	return all, nil
}
