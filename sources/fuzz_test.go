package sources_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/sources"
	"github.com/rogpeppe/go-internal/txtar"
)

const canary = "sk-CANARY0123456789abcdef"

// FuzzLoad reads anything: it ends, does not panic, gives every problem a place in
// the file, and never repeats the canary that stands in the file.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"good.txtar", "bad.txtar"} {
		archive, err := txtar.ParseFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if strings.HasSuffix(file.Name, ".yaml") {
				f.Add(string(file.Data))
				f.Add(strings.Replace(string(file.Data), "gpt-5.4", canary, 1))
			}
		}
	}
	f.Add("\xef\xbb\xbfversion: 1")
	f.Add("0\n\n0") // one text, with an empty line
	f.Add("? [a]\n: - b\n# c\n")
	f.Fuzz(func(t *testing.T, text string) {
		w := fuzzWorld(t, text)
		p, err := sources.Load(w, []string{"codex.yaml"})
		if err == nil {
			again(t, w, p)
			return
		}
		all := sources.Problems(err)
		if len(all) == 0 {
			t.Fatalf("an error without problems: %v", err)
		}
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
		for _, one := range all {
			o := one.Origin
			if o.File != "codex.yaml" || o.Line < 1 || o.Line > lines || o.Column < 1 || o.Column > len(text)+1 {
				t.Errorf("%s: there is no such place", one)
			}
			if one.Message == "" || strings.Contains(fmt.Sprintf("%+v", one), canary) {
				t.Errorf("a message that is empty or holds the canary: %q", one.Message)
			}
		}
	})
}

// again loads the same policy once more: the answer is the same.
func again(t *testing.T, w sources.World, p *sources.Policy) {
	t.Helper()
	q, err := sources.Load(w, []string{"codex.yaml"})
	if err != nil {
		t.Fatalf("accepted, then refused: %v", err)
	}
	if p.Desired.Digest != q.Desired.Digest || len(p.Desired.Settings) != len(q.Desired.Settings) {
		t.Error("two readings of one policy differ")
	}
}

func fuzzWorld(t *testing.T, text string) sources.World {
	w := world(t, map[string]string{"codex.yaml": text}, nil)
	w.Keyring = func(string, string) (string, error) { return "", os.ErrNotExist }
	return w
}

// The largest file that is read at all costs little, whatever it holds.
func TestWorstPolicies(t *testing.T) {
	fill := func(head, s, tail string) string {
		return head + strings.Repeat(s, (64<<10-len(head)-len(tail))/len(s)) + tail
	}
	var keys, nested strings.Builder
	for i := 0; keys.Len() < 63<<10; i++ {
		fmt.Fprintf(&keys, " k%d: 1\n", i)
	}
	for i := 0; nested.Len() < 63<<10; i++ {
		nested.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	for name, text := range map[string]string{
		"many keys":       "version: 1\nsettings:\n" + keys.String(),
		"deep blocks":     nested.String(),
		"open brackets":   fill("", "[", ""),
		"open braces":     fill("", "{a: ", ""),
		"closed brackets": fill("version: 1\nsettings: {a: ", "[", "") + strings.Repeat("]", 10),
		"long list":       fill("version: 1\nsettings: {a: [", "[],", "]}"),
		"long line":       fill("version: 1\nmodel: ", "a", "\n"),
		"dashes":          fill("", "- ", ""),
		"questions":       fill("", "? ", ""),
		"comments":        fill("a:\n", "  - b # x\n\n#\n", ""),
		"anchors":         fill("a: [", "&a x,", "]"),
		"aliases":         fill("a: [&a x,", "*a,", "]"),
		"tags":            fill("a: [", "!a x,", "]"),
		"duplicates":      fill("version: 1\n", "model: 1\n", ""),
		"placeholders":    fill("version: 1\nprovider: {base_url: 'https://g.example'}\nsecret:\n env: ", "${", "\n"),
		"nearly secrets":  fill("version: 1\nmodel: ", "sk-", "\n"),
		"bad at the end":  fill("version: 1\nsettings:\n", " 'a': 1\n", "'a' b\n"),
		"bad everywhere":  fill("version: 1\n", "'a' b\n", ""),
		"open quote":      fill("version: 1\nmodel: 'x\n", "a: 1\n", ""),
		"escapes":         fill(`version: 1`+"\nmodel: \"", `\u202e`, `"`),
		"controls":        fill("version: 1\nmodel: ", "\x01", ""),
		"unknown keys":    fill("version: 1\n", "modle: \n", ""),
	} {
		start := cpuTime(t)
		_, err := sources.Load(fuzzWorld(t, text), []string{"codex.yaml"})
		if used := cpuTime(t) - start; used > 2 {
			t.Errorf("%s: %.1f s of CPU (%d problems)", name, used, len(sources.Problems(err)))
		}
	}
}
