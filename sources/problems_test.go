package sources_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/codexform/codexform/sources"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected problems in testdata/bad.txtar")

// examples are the policies of one archive, and the texts that follow them.
func examples(t *testing.T, name string) (*txtar.Archive, map[string]string) {
	t.Helper()
	a, err := txtar.ParseFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, f := range a.Files {
		texts[f.Name] = string(f.Data)
	}
	return a, texts
}

func problemsOf(t *testing.T, text string) string {
	t.Helper()
	_, err := sources.Load(world(t, map[string]string{"codex.yaml": text}, nil), []string{"codex.yaml"})
	if err == nil {
		return ""
	}
	return err.Error() + "\n"
}

func TestGoodPolicies(t *testing.T) {
	_, texts := examples(t, "good.txtar")
	for name, text := range texts {
		if got := problemsOf(t, text); got != "" {
			t.Errorf("%s is refused:\n%s", name, got)
		}
	}
}

// Every bad policy is refused with exactly the problems that follow it.
func TestBadPolicies(t *testing.T) {
	archive, texts := examples(t, "bad.txtar")
	out := &txtar.Archive{Comment: archive.Comment}
	for _, f := range archive.Files {
		name, isPolicy := strings.CutSuffix(f.Name, ".yaml")
		if !isPolicy {
			continue
		}
		got := problemsOf(t, string(f.Data))
		if diff := cmp.Diff(texts[name+".txt"], got); diff != "" && !*update {
			t.Errorf("%s (-want +got):\n%s", f.Name, diff)
		}
		if got == "" {
			t.Errorf("%s is accepted", f.Name)
		}
		out.Files = append(out.Files, f, txtar.File{Name: name + ".txt", Data: []byte(got)})
	}
	if *update {
		if err := os.WriteFile("testdata/bad.txtar", txtar.Format(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
