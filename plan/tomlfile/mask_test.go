package tomlfile_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/tomlfile"
)

func TestMask(t *testing.T) {
	src := "\ufeff# hush\r\na = 'hush' # hush\r\n[t.\"x y\"]\r\nb = [\"hush\", # hush\n # hush\n {c = \"\"\"\nhush\\\n hush\"\"\", n = -12}]\n" +
		"keep = \"me\"\n[[list]]\nd = '''hush'''\ne.f = \"h\\u0075sh\"\n# hush"
	got, err := tomlfile.Mask([]byte(src), tomlfile.Without{Value: func(a plan.Address, _, _ plan.Value) bool { return a[len(a)-1] != "keep" }})
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufeff#     \r\na = 'xxxx' #     \r\n[t.\"x y\"]\r\nb = [\"xxxx\", #     \n #     \n {c = \"\"\"\nxxxxx\nxxxxx\"\"\", n = -11}]\n" +
		"keep = \"me\"\n[[list]]\nd = '''xxxx'''\ne.f = \"xxxxxxxxx\"\n#     "
	if string(got) != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	if _, err := tomlfile.Mask([]byte("a ="), tomlfile.Without{}); err == nil {
		t.Error("a file that is not TOML was masked")
	}
}

// Keys that are masked stay apart, and equal where they were; a text that names one too.
func TestMaskKeys(t *testing.T) {
	src := "p = \"hush-1\"\n[t.\"hush-1\"]\na = 1\n[t.hush-2]\n'hush-3' = {hush-1 = [\"hush-3\", \"keep\"]}\n[t.hush-1.b]\n[[t.hush-1.c]]\n"
	hush := func(name string) bool { return strings.HasPrefix(name, "hush") }
	got, err := tomlfile.Mask([]byte(src), tomlfile.Without{Value: func(_ plan.Address, v, list plan.Value) bool { return !list.IsAbsent() && list.Items()[0].Equal(v) }, Key: hush})
	if err != nil {
		t.Fatal(err)
	}
	want := "p = \"xxxxx1\"\n[t.\"xxxxx1\"]\na = 1\n[t.xxxxx2]\n'xxxxx3' = {xxxxx1 = [\"xxxxx3\", \"keep\"]}\n[t.xxxxx1.b]\n[[t.xxxxx1.c]]\n"
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestMaskCorpus: what is masked is still TOML, of the same length, and asks for
// the address of every text.
func TestMaskCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.toml")
	if err != nil || len(files) < 100 {
		t.Fatal(len(files), err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := tomlfile.Parse(src)
		if err != nil {
			continue
		}
		seen := 0
		got, err := tomlfile.Mask(src, tomlfile.Without{Value: func(_ plan.Address, v, _ plan.Value) bool {
			if v.Kind() == plan.KindString {
				seen++
			}
			return true
		}, Key: func(name string) bool { return len(name) > 5 }})
		if err != nil || len(got) != len(src) || bytes.Count(got, []byte("\n")) != bytes.Count(src, []byte("\n")) {
			t.Errorf("%s: %v, %d bytes, want %d", name, err, len(got), len(src))
			continue
		}
		if _, err := tomlfile.Parse(got); err != nil {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
		if want := texts(doc.Root); seen != want {
			t.Errorf("%s: asked about %d texts, the file has %d", name, seen, want)
		}
	}
}

func texts(v plan.Value) int {
	n := 0
	if v.Kind() == plan.KindString {
		n = 1
	}
	for _, item := range v.Items() {
		n += texts(item)
	}
	for _, m := range v.Members() {
		n += texts(m.Value)
	}
	return n
}
