package sources

import (
	"os"
	"path/filepath"
	"testing"
)

// A policy without placeholders is worked out once, not twice, and has the digest that it
// has always had: that of what is written.
func TestDigestOfWhatIsWritten(t *testing.T) {
	texts := map[string]string{
		"a key makes it confirmed": "version: 1\nmodel: m\nprovider: {base_url: 'https://g.example/v1'}\nsecret: {env: A}\n",
		"a variable of Codex's":    "version: 1\nmodel: m\ndelivery: env_key\nprovider: {base_url: 'https://g.example/v1', env_key: K}\n",
		"a key that expires":       "version: 1\nmodel: m\ndelivery: command\nprovider: {base_url: 'https://g.example/v1'}\nsecret: {file: /run/key}\n",
		"values":                   "version: 1\nsettings: {a: {b: [1, {c: 2}], 'd e': 0.5}, f: '$HOME is a word here'}\ndefaults: {g: true}\nabsent: [[h, i], [j]]\n",
		"a user":                   "version: 1\nmodel: 'm-${user}'\nsettings: {a: 1}\n",
		"a home in a name":         "version: 1\nsettings: {projects: {'${home}/work': {trust_level: trusted}}}\n",
		"a literal one":            "version: 1\nsettings: {a: '$${home}'}\n",
		"below a list":             "version: 1\nsettings: {a: [{b: '${host}'}]}\n",
		"in what is absent":        "version: 1\nabsent: [[projects, '${home}']]\n",
		"in a secret alone":        "version: 1\nmodel: m\nprovider: {base_url: 'https://g.example/v1'}\nsecret: {vault: {path: 'codex/${user}', address: 'https://v.example'}}\n",
		"the system's":             "version: 1\nlayer: system\nenforce: true\nmodel: m\ndelivery: env_key\nprovider: {base_url: 'https://g.example/v1', env_key: K}\n",
		"of a number":              "version: 1\npolicy_version: 7\nrepair: [removed-key]\nmodel: m\n",
	}
	files, err := filepath.Glob(filepath.Join("..", "examples", "*", "*.yaml"))
	if err != nil || len(files) < 5 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = string(data)
	}
	quick := 0
	for name, text := range texts {
		ps := &problems{files: []string{"codex.yaml"}}
		w := World{User: "mira", Home: "/home/mira", Host: "rack", OS: "linux", Dir: "/work", LookupEnv: func(string) (string, bool) { return "", false }}
		root := w.read(document{"codex.yaml", []byte(text)}, ps)
		if root == nil || len(ps.list) > 0 {
			continue // a playbook, not a policy
		}
		p := build(w, root, []string{"codex.yaml"}, ps)
		b := builder{World: w, problems: &problems{files: ps.files}, root: root, names: []string{"codex.yaml"}, written: &written{}}
		if want := b.digest(b.desired(nil)); p.Desired.Digest != want {
			t.Errorf("%s: the digest is %s, and of what is written %s", name, p.Desired.Digest, want)
		}
		if !root.placeholders() {
			quick++
		}
	}
	if quick < 5 || quick == len(texts) {
		t.Errorf("%d of %d policies have no placeholder", quick, len(texts))
	}
}
