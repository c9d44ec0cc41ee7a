package cli_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// crowds are what a pull request can be full of besides its harm: how reviewBase looks
// before and after a change of its own that counts n times.
var crowds = []struct {
	name          string
	before, after func(n int) [2]string // what reviewBase's text is replaced by
}{
	{"keys are new", nobody, func(n int) [2]string {
		return inSettings("  projects:\n", "    /srv/p%d: {trust_level: untrusted}\n", n)
	}},
	{"keys go", func(n int) [2]string {
		return inSettings("  projects:\n", "    /srv/p%d: {trust_level: untrusted}\n", n)
	}, nobody},
	{
		"keys change", func(n int) [2]string { return inSettings("  model_providers:\n", "    m%d: {name: a}\n", n) },
		func(n int) [2]string { return inSettings("  model_providers:\n", "    m%d: {name: b}\n", n) },
	},
	{"keys that nobody knows", nobody, func(n int) [2]string { return inSettings("", "  note_%d: x\n", n) }},
	{"long values", nobody, func(n int) [2]string {
		return inSettings("  projects:\n", "    /srv/"+strings.Repeat("長い-long_", 40)+"%d: {trust_level: untrusted}\n", min(n, 120))
	}},
	{"more is kept away", nobody, func(n int) [2]string { return [2]string{"absent: [", "absent: [" + times("[tui, k%d], ", n)} }},
	{"more models are asked for", nobody, func(n int) [2]string {
		return [2]string{"[gpt-5.4, gpt-5.4-mini]", "[gpt-5.4, gpt-5.4-mini" + times(", m%d", n) + "]"}
	}},
	{"programs are run", nobody, func(n int) [2]string { return inSettings("  mcp_servers:\n", "    s%d: {command: docs}\n", n) }},
	{"programs run no more", func(n int) [2]string { return inSettings("  mcp_servers:\n", "    s%d: {command: docs}\n", n) }, nobody},
	{"hosts are new", nobody, func(n int) [2]string {
		return inSettings("  mcp_servers:\n", "    s%d: {url: \"https://s%[1]d.example/mcp\"}\n", n)
	}},
	{"what was kept away may come back", func(n int) [2]string {
		return [2]string{"absent: [", "absent: [" + times("[mcp_servers, old%d], ", n)}
	}, nobody},
}

func nobody(int) [2]string { return [2]string{} }

func inSettings(table, entry string, n int) [2]string {
	if n == 0 {
		return [2]string{}
	}
	return [2]string{"settings:\n", "settings:\n" + table + times(entry, n)}
}

func times(entry string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, entry, i)
	}
	return b.String()
}

// TestHarmInACrowd: however many other changes a pull request has, of whatever kind, each
// harm stands in the first ten lines of every format, and what there is to look at comes
// whole before everything else, in a comment of at most 60,000 characters.
func TestHarmInACrowd(t *testing.T) {
	tables := regexp.MustCompile("(projects|mcp_servers|model_providers):") // which the crowds are in
	var dangerous []harm
	for _, h := range harms {
		if h.rule != "" && !tables.MatchString(h.new+h.then[1]) && !strings.Contains(h.old, "settings:\n") && !strings.Contains(h.old, "confirm: {models: ") {
			dangerous = append(dangerous, h)
		}
	}
	turn := 0
	for _, c := range crowds {
		for _, n := range []int{9, 200, 900} {
			h := dangerous[turn%len(dangerous)]
			turn += 7
			t.Run(fmt.Sprintf("%d %s and %s", n, c.name, h.name), func(t *testing.T) {
				m := newMachine(t)
				base, head := replaced(reviewBase, c.before(n)), h.head(t, replaced(reviewBase, c.after(n)))
				args := []string{
					"plan", "-f", m.write("codex.yaml", head), "--base", m.write("base.yaml", base),
					"--secrets", "skip", "--codex-home", m.home(), "--format",
				}
				said := map[string]string{}
				for _, format := range shownBy {
					_, out, errs := m.run(append(args, format)...)
					h.seen(t, format, out, errs)
					said[format] = out
				}
				wholeOnTop(t, said)
			})
		}
	}
}

func replaced(s string, by [2]string) string { return strings.Replace(s, by[0], by[1], 1) }

// wholeOnTop holds text and comment against the document: each finding to look at stands
// there before the first change.
func wholeOnTop(t *testing.T, said map[string]string) {
	t.Helper()
	findings := toLookAt(t, said["json"])
	if n := utf8.RuneCountInString(said["markdown"]); n > 60_000 {
		t.Errorf("a comment of %d characters", n)
	}
	comment := strings.NewReplacer("`", "", `\`, "")
	for format, out := range map[string]string{"text": said["text"], "markdown": said["markdown"]} {
		block := comment.Replace(before(t, out, format))
		missing := slices.DeleteFunc(slices.Clone(findings), func(f string) bool {
			return strings.Contains(block, comment.Replace(f)) || format == "markdown" && sharesALine(block, comment.Replace(f))
		})
		full := utf8.RuneCountInString(block) > 50_000 && strings.Contains(block, fmt.Sprintf("%d findings like these left out", len(missing)))
		if len(missing) > 0 && !(format == "markdown" && full) {
			t.Errorf("%s: %d findings, as %q, are not in the block of %d characters", format, len(missing), missing[0], len(block))
		}
	}
}

var (
	named  = regexp.MustCompile(`^([\w-]+)\.("[^"]*"|[^.:" ]+)(.*)$`)
	quoted = regexp.MustCompile(`"[^"]*"`)
)

// sharesALine reports that a finding stands in one line with others that say the same: what
// they say, its name, and what it quotes.
func sharesALine(block, finding string) bool {
	part := named.FindStringSubmatch(finding)
	if part == nil {
		return false
	}
	_, line, found := strings.Cut(block, part[1]+".*"+quoted.ReplaceAllString(part[3], `"…"`)+" (")
	line, _, _ = strings.Cut(line, "\n")
	ends := regexp.MustCompile(`[ :]` + regexp.QuoteMeta(part[2]) + `([,; ]|$)`)
	return found && ends.MatchString(line) && !slices.ContainsFunc(quoted.FindAllString(part[3], -1), func(q string) bool { return !strings.Contains(line, q) })
}

// before is what stands in text or a comment before the first change.
func before(t *testing.T, out, format string) string {
	t.Helper()
	start := strings.Index(out, "Look at this first")
	if start < 0 || strings.Count(out[:start], "\n") > 4 {
		t.Fatalf("%s begins with\n%.1000s", format, out)
	}
	block, _, _ := strings.Cut(out[start:], map[string]string{"text": "\n\n", "markdown": "\n\n<details"}[format])
	return block
}

// toLookAt are the findings to review of a plan in JSON, before which no other stands.
func toLookAt(t *testing.T, out string) (summaries []string) {
	t.Helper()
	var doc struct {
		Diagnostics []struct{ Severity, Summary string }
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	for i, d := range doc.Diagnostics {
		if d.Severity != "review" {
			continue
		}
		if len(summaries) != i {
			t.Fatalf("the document has %q behind other findings", d.Summary)
		}
		summaries = append(summaries, d.Summary)
	}
	return summaries
}
