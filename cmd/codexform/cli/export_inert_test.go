package cli_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"gopkg.in/yaml.v3"

	"github.com/codexform/codexform/cmd/codexform/ui"
)

// A document that is printed holds no command for the CI system that keeps the log, and
// says to whoever reads it what the policy says, letter for letter.
func TestPrintedDocumentsAreInert(t *testing.T) {
	const name = "::error::a ##[error]b ##vso[task.setvariable]c ##teamcity[d"
	m := newMachine(t)
	file := m.write("codex.yaml", "version: 1\nmodel: m\nprovider: {name: '"+name+"', base_url: 'https://g.example/v1'}\nsecret: {env: K}\n")
	m.write(".codex/config.toml", "model_provider = \"a\"\nmodel = \"m\"\n[model_providers.a]\nname = \""+name+"\"\nbase_url = \"https://g.example/v1\"\nenv_key = \"K\"\n")
	for what, read := range map[string]func(string) (string, error){
		"export requirements": func(text string) (string, error) {
			var doc map[string]any
			err := toml.Unmarshal([]byte(text), &doc)
			return deepText(doc), err
		},
		"export mobileconfig": func(text string) (string, error) {
			var all strings.Builder
			d := xml.NewDecoder(strings.NewReader(text))
			for {
				token, err := d.Token()
				if err == io.EOF {
					return all.String(), nil
				}
				if err != nil {
					return "", err
				}
				if data, ok := token.(xml.CharData); ok {
					all.Write(data)
				}
			}
		},
		"init -o -": func(text string) (string, error) {
			var doc map[string]any
			err := yaml.Unmarshal([]byte(text), &doc)
			return deepText(doc), err
		},
	} {
		args := strings.Fields(what)
		if args[0] == "export" {
			args = append(args, "-f", file)
		}
		code, out, errs := m.run(args...)
		if code != 0 {
			t.Fatalf("%s: exit %d: %s", what, code, errs)
		}
		for _, mark := range []string{"##[", "##vso[", "##teamcity[", "\n::"} {
			if strings.Contains(out, mark) {
				t.Errorf("%s: %q in\n%s", what, mark, out)
			}
		}
		if got, err := read(out); err != nil || !strings.Contains(got, name) {
			t.Errorf("%s: %v: decoded as %q\n%s", what, err, got, out)
		}
	}
}

func deepText(v any) string {
	switch x := v.(type) {
	case map[string]any:
		var b strings.Builder
		for _, item := range x {
			b.WriteString(deepText(item) + "\n")
		}
		return b.String()
	case string:
		return x
	}
	return ""
}

// Lines for a shell, and what a console reads, hold no such command either, and the shell
// has the very letters.
func TestPrintedLinesAreInert(t *testing.T) {
	const name = "##[error]b ##vso[task.setvariable]c ##teamcity[d"
	m := newMachine(t)
	file := m.write("codex.yaml", "version: 1\nmodel: '"+name+"'\nprovider: {base_url: 'https://g.example/v1'}\nsecret: {command: ['"+name+"', '##vso[x]y']}\nsettings: {projects: {'"+name+"': {trust_level: nope}}}\n")
	for _, args := range []string{"export client env", "export client cursor", "export client opencode", "status --contract ansible", "status --contract nomad", "status --contract prom"} {
		_, out, errs := m.run(append(strings.Fields(args), "-f", file)...)
		for _, mark := range []string{"##[", "##vso[", "##teamcity["} {
			if strings.Contains(out+errs, mark) {
				t.Errorf("%s: %q in\n%s%s", args, mark, out, errs)
			}
		}
	}
	for windows, want := range map[bool]string{false: `export A='x #''#[b'`, true: `$env:A = 'x #'+'#[b'`} {
		line := map[bool]string{false: "export A='x ##[b'\n", true: "$env:A = 'x ##[b'\n"}[windows]
		if got := ui.InertShell(line, windows); got != want+"\n" {
			t.Errorf("InertShell(%q) = %q", line, got)
		}
	}
}

// A report of statuses that anybody wrote holds no such command in any of its forms, and
// the page shows the very letters.
func TestReportsAreInert(t *testing.T) {
	const name = "##[error]b ##vso[task.setvariable]c ##teamcity[d"
	m := newMachine(t)
	file := m.write("status.json", `{"format_version":"1","state":"error","code":"`+name+`","message":"`+name+`","host":"`+name+`","codex_home":"/h","ring":"`+name+`","changes":["`+name+`"],"tool_version":"`+name+`"}`)
	for _, args := range [][]string{{"report", file}, {"report", file, "--format", "json"}, {"report", file, "--format", "prom"}} {
		code, out, errs := m.run(args...)
		if code != 0 {
			t.Fatalf("%q: exit %d: %s", args, code, errs)
		}
		for _, mark := range []string{"##[", "##vso[", "##teamcity["} {
			if strings.Contains(out+errs, mark) {
				t.Errorf("%q: %q in\n%s", args, mark, out)
			}
		}
		if _, data, found := strings.Cut(out, `type="application/json">`); found && !strings.Contains(data, `#\u0023[error]b`) {
			t.Errorf("the page's data does not say %s:\n%s", name, data[:min(len(data), 500)])
		}
	}
}
