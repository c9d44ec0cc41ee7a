package plan_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/codexform/codexform/plan"
)

// A stored plan names the home and the files it was made of byte for byte, UTF-8 or not.
func TestStoredNames(t *testing.T) {
	for _, home := range []string{"/h", "/h\xff", "/h\uFFFD"} {
		for _, files := range [][]string{{"/a.yaml"}, {"/a.yaml", "/p\xfe\xff/b.yaml"}} {
			d := plan.Plan{Home: home, Desired: plan.Desired{Files: slices.Clone(files)}}.Document("1", time.Unix(0, 0))
			d.KeepExact()
			data, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			got, err := plan.ParseDocument(data)
			if err != nil || got.CodexHome != home || !slices.Equal(got.Desired.Files, files) {
				t.Errorf("%q, %q came back as %q, %q (%v)", home, files, got.CodexHome, got.Desired.Files, err)
			}
			if plain := utf8.ValidString(home + strings.Join(files, "")); plain && strings.Contains(string(data), "exact") {
				t.Errorf("a plan of plain names has an exact: %s", data)
			}
		}
	}
}
