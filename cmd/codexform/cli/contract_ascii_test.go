package cli_test

import (
	"strings"
	"testing"
)

// Under a contract the words are ASCII where the locale knows no more, and otherwise not.
func TestContractsSpeakTheLocale(t *testing.T) {
	for _, c := range []struct {
		name, value string
		ascii       bool
	}{
		{"LANG", "", true},
		{"LANG", "C", true},
		{"LC_ALL", "POSIX", true},
		{"LANG", "de_DE.ISO-8859-1", true},
		{"LANG", "en_US.UTF-8", false},
		{"LC_ALL", "C.utf8", false},
		{"LC_CTYPE", "UTF-8", false},
	} {
		m := newMachine(t)
		m.write(".codex/config.toml", "model = \"grün 🦊\"\n")
		m.vars[c.name] = c.value
		file := m.write("codex.yaml", "version: 1\nsettings: {model: gpt-5.4}\n")
		_, out, errs := m.run("plan", "--contract", "exit01", "-f", file, "--codex", "off")
		want := `"grün 🦊" → "gpt-5.4"`
		if c.ascii {
			want = `"gr\u00fcn \ud83e\udd8a" -> "gpt-5.4"`
		}
		if !strings.Contains(out+errs, want) {
			t.Errorf("%s=%s: no %s in\n%s%s", c.name, c.value, want, out, errs)
		}
		if _, out, _ := m.run("plan", "-f", file, "--codex", "off"); !strings.Contains(out, "→") {
			t.Errorf("%s=%s: people get ASCII without a contract\n%s", c.name, c.value, out)
		}
	}
}
