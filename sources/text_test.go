package sources_test

import (
	"strings"
	"testing"
)

// What is wrong with a file before it is YAML at all.
func TestText(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "codex.yaml:1:1: the file is empty; codexform init writes one to start from\n"},
		{"only a document mark", "---\n", "codex.yaml:1:1: the file is empty; codexform init writes one to start from\n"},
		{
			"byte order mark", "\xef\xbb\xbfversion: 1\nmodel: x\n",
			"codex.yaml:1:1: the file starts with a byte order mark; save it as UTF-8 without one\n",
		},
		{"UTF-16 with a mark", "\xff\xfev\x00e\x00", "codex.yaml:1:1: the file is UTF-16; save it as UTF-8\n"},
		{"UTF-16 with the other mark", "\xfe\xff\x00v\x00e", "codex.yaml:1:1: the file is UTF-16; save it as UTF-8\n"},
		{"UTF-16 without a mark", "v\x00e\x00r\x00", "codex.yaml:1:1: the file is UTF-16; save it as UTF-8\n"},
		{"Latin-1", "version: 1\nmodel: \xfcber\n", "codex.yaml:2:8: a byte that is not UTF-8; save the file as UTF-8\n"},
		{"a NUL", "version: 1\nmodel: a\x00b\n", "codex.yaml:2:9: a control character (U+0000); remove it\n"},
		{"an escape code", "version: 1\nmodel: \x1b[31mx\n", "codex.yaml:2:8: a control character (U+001B); remove it\n"},
		{"a C1 control", "version: 1\nmodel: x # \u0085\n", "codex.yaml:2:12: a control character (U+0085); remove it\n"},
		{"a line separator", "version: 1\nmodel: x # \u2028\n", "codex.yaml:2:12: a hidden line break (U+2028); remove it\n"},
		{
			"text turned around", "version: 1\n# ü \u202e\nmodel: x\n",
			"codex.yaml:2:5: a character that changes the direction of text (U+202E); remove it\n",
		},
		{
			"a zero-width blank", "version: 1\nmodel: gpt\u200b-5\n",
			"codex.yaml:2:11: a character that cannot be seen (U+200B); remove it\n",
		},
		{"a mark inside", "version: 1\nmodel: \ufeffx\n", "codex.yaml:2:8: a character that cannot be seen (U+FEFF); remove it\n"},
		{"an old line end", "version: 1\rmodel: x\n", "codex.yaml:1:11: a carriage return without a line feed; end lines with a line feed\n"},
		{"Windows line ends", "version: 1\r\nmodel: x\r\n", ""},
		{"no line end", "version: 1\nmodel: x", ""},
		{
			"several", "version: 1\nmodel: a\x01\nreview_model: \x02\nx: 1\n",
			"codex.yaml:2:9: a control character (U+0001); remove it\n" +
				"codex.yaml:3:15: a control character (U+0002); remove it\n" +
				"codex.yaml:4:1: x: unknown key; keys of config.toml go under settings\n",
		},
		{"at the size limit", "version: 1\nmodel: x\n#" + strings.Repeat("x", 64<<10-21), ""},
		{
			"over the size limit", "version: 1\nmodel: x\n#" + strings.Repeat("x", 64<<10-20),
			"codex.yaml: the file is larger than 64 KiB\n",
		},
	} {
		if got := problemsOf(t, c.text); got != c.want {
			t.Errorf("%s:\ngot  %swant %s", c.name, got, c.want)
		}
	}
}
