package status_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/codexform/codexform/plan/status"
)

var update = flag.Bool("update", false, "write the expected output anew")

var success = time.Date(2026, 11, 25, 8, 30, 0, 0, time.UTC)

// outcomes are the states that every console has to hear of.
func outcomes() []status.Status {
	base := status.Status{FormatVersion: status.FormatVersion, Home: "/home/kim/.codex", PolicyVersion: 17, Tool: "0.2.0", Changes: []string{}, LastSuccess: success}
	with := func(change func(*status.Status)) status.Status {
		s := base
		change(&s)
		return s
	}
	out := []status.Status{
		with(func(s *status.Status) { s.State = status.InSync }),
		with(func(s *status.Status) {
			s.State, s.Changes = status.Drift, []string{"model", "review_model", "OPENAI_API_KEY"}
		}),
		with(func(s *status.Status) {
			s.State, s.Ring, s.Reason, s.Opens = status.Held, "ten", "ring ten opens later", success.Add(48*time.Hour)
		}),
	}
	for _, code := range status.Codes {
		out = append(out, with(func(s *status.Status) { s.State, s.Code, s.Message = status.Failed, code, "said: \"no\"\nand why" }))
	}
	return out
}

// Each contract, each state: what stands on stdout, and the exit code.
func TestContracts(t *testing.T) {
	var b strings.Builder
	for _, c := range status.Contracts {
		fmt.Fprintf(&b, "== %s (%s; stderr %s)\n", c.Name, c.Form, map[bool]string{true: "empty", false: "free"}[c.Quiet])
		for _, s := range outcomes() {
			fmt.Fprintf(&b, "-- %s: exit %d\n%s", s.Word(), c.Exit(s), c.Form.Text(s))
		}
	}
	const golden = "testdata/contracts.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("%s differs; look at it, then -update", golden)
	}
}

// The names of the contract, no more and no less.
func TestEveryContractIsThere(t *testing.T) {
	want := strings.Fields(`jamf-ea jamf-ea-int jamf-ea-date jamf-policy intune-detect intune-remediate intune-win32-detect
		intune-win32-install intune-compliance intune-mac-attr kandji munki-installcheck munki-uninstallcheck fleet-script
		ws1-attr jumpcloud exit01 unless nomad prom azure`)
	var got []string
	for _, c := range status.Contracts {
		got = append(got, c.Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// What each console's own rules forbid.
func TestConsolesRules(t *testing.T) {
	for _, c := range status.Contracts {
		for _, s := range outcomes() {
			text := c.Form.Text(s)
			name := c.Name + " " + s.Word()
			if s.State == status.Held && (c.Exit(s) != c.Exit(outcomes()[0])) {
				t.Errorf("%s: held exits with %d, in sync with %d", name, c.Exit(s), c.Exit(outcomes()[0]))
			}
			switch c.Name {
			case "jamf-ea", "jamf-ea-int", "jamf-ea-date":
				inside := strings.TrimSuffix(strings.TrimPrefix(text, "<result>"), "</result>\n")
				if len(inside)+len("<result></result>\n") != len(text) || strings.ContainsAny(inside, "<>&\n") {
					t.Errorf("%s: %q is not one result", name, text)
				}
			case "ws1-attr":
				if !regexp.MustCompile(`^[A-Za-z0-9_-]+\n$`).MatchString(text) {
					t.Errorf("%s: %q has a character that is silently not reported", name, text)
				}
			case "intune-detect", "intune-remediate":
				if strings.Count(text, "\n") != 1 || len(text) < 2 || len(text) > 2048 {
					t.Errorf("%s: %q is not one line of at most 2,048", name, text)
				}
			case "intune-win32-detect":
				if (text != "") != s.OK() {
					t.Errorf("%s: %q", name, text)
				}
			case "intune-compliance":
				var got map[string]any
				if err := json.Unmarshal([]byte(text), &got); err != nil || strings.Count(text, "\n") != 1 {
					t.Errorf("%s: %q: %v", name, text, err)
				}
			}
		}
	}
}

func TestWorst(t *testing.T) {
	all := outcomes()
	if got, _ := status.Worst([]status.Status{all[0], all[2], all[1], all[3], all[4]}); got.Code != status.Policy {
		t.Errorf("got %s", got.Word())
	}
	if got, _ := status.Worst([]status.Status{all[0], all[2]}); got.State != status.Held {
		t.Errorf("got %s", got.Word())
	}
	if _, found := status.Worst(nil); found {
		t.Error("the worst of none")
	}
}

// What status.json keeps is what its schema says.
func TestSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../docs/schema/status.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	none := outcomes()[0]
	none.State, none.PolicyVersion = status.None, 0
	odd := outcomes()[0]
	odd.State = "fine"
	for i, s := range append(outcomes(), none, odd) {
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); (err == nil) == (s.State == "fine") {
			t.Errorf("status %d (%s): %v", i, s.Word(), err)
		}
	}
}

// A name that a home brings in never leaves its token.
func TestLineIsInert(t *testing.T) {
	s := status.Status{State: status.Held, Ring: "a b\n##vso[x]</result>;\x1b"}
	if got, want := s.Line(), "held ring=a_b___vso_x___result___"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Every code has its page, its line in the list, and nobody else has one.
func TestEveryCodeHasAPage(t *testing.T) {
	const folder = "../../docs/reference/errors"
	index, err := os.ReadFile(folder + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range status.Codes {
		page, err := os.ReadFile(folder + "/" + string(code) + ".md")
		if err != nil || !strings.HasPrefix(string(page), "# "+string(code)+": ") || !strings.Contains(string(page), "\n## What to do\n\n- ") {
			t.Errorf("%s: its page is not there or does not say what to do (%v)", code, err)
		}
		if !strings.Contains(string(index), "["+string(code)+"]("+string(code)+".md)") {
			t.Errorf("%s is not in the list", code)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != len(status.Codes)+1 {
		t.Errorf("%d pages for %d codes (%v)", len(entries)-1, len(status.Codes), err)
	}
}

// The page of the contracts is the table itself.
func TestContractsPage(t *testing.T) {
	const page = "../../docs/reference/contracts.md"
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, _, ok := strings.Cut(string(got), "-update writes what follows -->\n")
	if !ok {
		t.Fatal("the page has no mark")
	}
	var b strings.Builder
	b.WriteString(head + "-update writes what follows -->\n\n| contract | console | stdout | stderr | in sync, held, skipped | drift | error | transient | destroyed |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, c := range status.Contracts {
		stderr := "free"
		if c.Quiet {
			stderr = "empty"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %d | %d | %d | %d | %d |\n", c.Name, c.Console, c.Form, stderr, c.Exits.InSync, c.Exits.Drift, c.Exits.Error, c.Exits.Transient, c.Exits.None)
	}
	if *update {
		if err := os.WriteFile(page, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if b.String() != string(got) {
		t.Errorf("%s is not the table as it is", page)
	}
}
