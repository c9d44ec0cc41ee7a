package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// peers are the programs of others that are installed, and what is not. Each does the
// job as its own documentation has it; none but Codex keeps all that is the user's.
func (b *bench) peers() (all []program, missing []string, err error) {
	goes, codexes := ".tools/peers/", ".tools/codex/node_modules/@openai/codex-*/vendor/*/bin/codex"
	for _, p := range []struct {
		name, where, get string
		programs         func(bin, home string) ([]program, error)
	}{
		{"consul-template", goes + "consul-template", "make tools-peers", b.consulTemplate},
		{"yq", goes + "yq", "make tools-peers", b.yq},
		{"chezmoi", goes + "chezmoi", "make tools-peers", b.chezmoi},
		{"Codex", codexes, "make tools", b.codex},
		{"ansible-playbook", "", "Debian's ansible-core", b.ansible},
	} {
		bin := b.find(p.name, p.where)
		if bin == "" {
			missing = append(missing, p.name+" ("+p.get+")")
			continue
		}
		for _, job := range []group{checks, applies} { // each in a home of its own
			home, err := b.home("peer-"+p.name+"-"+string(job), lived(200), filepath.Join(b.dir, "guide.yaml"))
			if err != nil {
				return nil, nil, err
			}
			programs, err := p.programs(bin, home)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", p.name, err)
			}
			all = append(all, slices.DeleteFunc(programs, func(p program) bool { return p.group != job })...)
		}
	}
	return all, missing, nil
}

// find is where a program is, "" where it is not.
func (b *bench) find(name, where string) string {
	if where == "" {
		path, _ := exec.LookPath(name)
		return path
	}
	found, _ := filepath.Glob(filepath.Join(b.root, where))
	if len(found) == 0 {
		return ""
	}
	return found[0]
}

func peer(name string, g group, home string, turns ...[]string) program {
	return program{name: name, group: g, home: home, turns: turns, peer: true, env: []string{"OTHER_API_KEY=sk-other", "MODEL=gpt-5.4"}}
}

// yq compares and renames in a shell, for config.toml alone.
func (b *bench) yq(bin, home string) ([]program, error) {
	script := func(model, then string) []string {
		return []string{"/bin/sh", "-c", `f=.codex/config.toml; "$0" -p toml -o toml ".model = \"$1\" | .review_model = \"$1\"" $f >$f.new; ` + then, bin, model}
	}
	return []program{
		peer("yq in a script, config.toml alone", checks, home, script("gpt-5.4", `cmp -s $f $f.new; rm $f.new`)),
		peer("yq in a script, config.toml alone", applies, home, script("gpt-5", `mv $f.new $f`), script("gpt-5.4", `mv $f.new $f`)),
	}, nil
}

// consulTemplate renders both files whole from templates.
func (b *bench) consulTemplate(bin, home string) ([]program, error) {
	config, err := os.ReadFile(filepath.Join(home, ".codex", "config.toml"))
	if err != nil {
		return nil, err
	}
	var confs []string
	for i, model := range []string{"gpt-5.4", "gpt-5"} {
		files := map[string]string{
			"config.tpl": "# for " + model + "\n" + string(config),
			"auth.tpl":   `{"OPENAI_API_KEY":"{{ env "ROUTESCOPE_API_KEY" }}` + fmt.Sprint(i) + `"}` + "\n",
			"conf.hcl": fmt.Sprintf("template {\n source = %q\n destination = %q\n perms = 0600\n}\ntemplate {\n source = %q\n destination = %q\n perms = 0600\n}\n",
				filepath.Join(home, fmt.Sprint(i), "config.tpl"), filepath.Join(home, ".codex", "config.toml"),
				filepath.Join(home, fmt.Sprint(i), "auth.tpl"), filepath.Join(home, ".codex", "auth.json")),
		}
		if err := writeAll(filepath.Join(home, fmt.Sprint(i)), files); err != nil {
			return nil, err
		}
		confs = append(confs, filepath.Join(home, fmt.Sprint(i), "conf.hcl"))
	}
	once := func(conf string, more ...string) []string {
		return append([]string{bin, "-config", conf, "-once", "-log-level", "err"}, more...)
	}
	first := exec.Command(bin, once(confs[0])[1:]...)
	first.Env = environment(home, nil)
	if said, err := first.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%v\n%s", err, said)
	}
	return []program{
		peer("consul-template -dry, whole files", checks, home, once(confs[0], "-dry")),
		peer("consul-template, whole files", applies, home, once(confs[1]), once(confs[0])),
	}, nil
}

// chezmoi changes one key by its documented way for TOML, and writes auth.json whole.
func (b *bench) chezmoi(bin, home string) ([]program, error) {
	source := filepath.Join(home, "source", "private_dot_codex")
	err := writeAll(source, map[string]string{
		"modify_config.toml":     "{{- /* chezmoi:modify-template */ -}}\n{{ fromToml .chezmoi.stdin | setValueAtPath \"model\" (env \"MODEL\") | toToml }}",
		"private_auth.json.tmpl": `{"OPENAI_API_KEY":"{{ env "ROUTESCOPE_API_KEY" }}{{ env "MODEL" }}"}` + "\n",
	})
	if err != nil {
		return nil, err
	}
	run := func(args ...string) []string {
		return append([]string{bin, "--source", filepath.Join(home, "source"), "--destination", home, "--persistent-state", filepath.Join(home, "state"), "--no-tty"}, args...)
	}
	turn := func(model string) []string {
		return append([]string{"/usr/bin/env", "MODEL=" + model}, run("apply", "--force")...)
	}
	apply := exec.Command("/usr/bin/env", turn("gpt-5.4")[1:]...)
	apply.Env = environment(home, nil)
	if said, err := apply.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%v\n%s", err, said)
	}
	return []program{
		peer("chezmoi verify", checks, home, run("verify")),
		peer("chezmoi apply", applies, home, turn("gpt-5"), turn("gpt-5.4")),
	}, nil
}

func writeAll(dir string, files map[string]string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
