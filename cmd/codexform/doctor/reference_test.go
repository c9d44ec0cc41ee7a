package doctor

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/apply/gateway"
)

// TestDoctorReference keeps docs/reference/doctor.md equal to what doctor can find.
func TestDoctorReference(t *testing.T) {
	want := []string{policyFinding, secretFinding, notAppliedFinding}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		want = append(want, matches(read(t, file), `ID: "([a-z-]+)"|f\.ID = "([a-z-]+)"`)...)
	}
	for class := range gatewayFaults {
		want = append(want, gatewayFinding(class))
	}
	_, tables, _ := strings.Cut(read(t, "../../../docs/reference/doctor.md"), "## Findings")
	var got []string
	for _, cell := range matches(tables, "(?m)^\\| (`[^|]*) \\|") {
		got = append(got, matches(cell, "`([a-z-]+)`")...)
	}
	if diff := cmp.Diff(sorted(want), sorted(got)); diff != "" {
		t.Errorf("docs/reference/doctor.md (-code +docs):\n%s", diff)
	}
}

// Every answer of a gateway but yes has its fault and its fix.
func TestEveryAnswerHasAFix(t *testing.T) {
	classes := matches(read(t, "../../../apply/gateway/answer.go"), `Class = "([a-z_]+)"`)
	if len(classes) < 20 {
		t.Fatalf("found %q", classes)
	}
	for _, c := range classes {
		f := gatewayFaults[gateway.Class(c)]
		if c != string(gateway.OK) && (f.fault == "" || f.fix == "") {
			t.Errorf("%s: %+v", c, f)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// matches are the groups of a pattern in a text.
func matches(text, pattern string) []string {
	var out []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		for _, group := range m[1:] {
			if group != "" {
				out = append(out, group)
			}
		}
	}
	return out
}

func sorted(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}
