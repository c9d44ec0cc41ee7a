package report_test

import (
	"archive/tar"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/cmd/codexform/report"
	"github.com/codexform/codexform/plan/status"
)

// No text of a machine comes to life in the page.
func TestPageIsInert(t *testing.T) {
	for _, bad := range []string{`</script><img src=x onerror=alert(1)>`, `<!--<script>`, `"'><b>&`, "{{script}}{{data}}", "\u202egpj.exe", "a\x00b\x1b[31m", "\u2028;alert(1)"} {
		fs := afero.NewMemMapFs()
		write(t, fs, "lines", []byte(fmt.Sprintf(`{"host":%[1]q,"format_version":"1","state":"error","code":%[1]q,"message":%[1]q,"user":%[1]q,"ring":%[1]q,"codex_version":%[1]q,"tool_version":%[1]q,"changes":[%[1]q]}`, strings.ToValidUTF8(bad, ""))+"\n"))
		if strings.ContainsAny(bad, "\x00\x1b") { // %q is not JSON for these
			write(t, fs, "lines", []byte(`{"host":"a\u0000b\u001b[31m","format_version":"1","state":"drift"}`))
		}
		all := read(t, fs, "lines")
		if len(all.Machines) != 1 {
			t.Fatalf("%q: %+v", bad, all)
		}
		page := string(report.HTML(all, report.Summarize(all, today), today, "<b>"))
		for _, alive := range []string{"<img", "<b>", "<!--<", "\u202e", "\u2028", "\x00", "\x1b"} {
			if strings.Contains(page, alive) {
				t.Errorf("%q: %q stands in the page", bad, alive)
			}
		}
		if strings.Count(page, "</script>") != 2 || strings.Count(page, "<script") != 2 {
			t.Errorf("%q: a text ends its script", bad)
		}
		if strings.Contains(page, "src=\"http") || strings.Contains(page, "href=") {
			t.Error("the page points elsewhere")
		}
	}
}

const one = `{"format_version":"1","state":"in_sync","codex_home":"/h","changes":[],"tool_version":"1"}`

// A broken document costs itself alone, wherever it stands.
func TestBrokenCostsItselfAlone(t *testing.T) {
	named := func(host string) string { return `{"host":"` + host + `",` + one[1:] }
	pretty := func(host string) string {
		return "{\n  \"host\": \"" + host + "\",\n  \"users\": [],\n  " + one[1:len(one)-1] + "\n}\n"
	}
	for name, c := range map[string]struct {
		text             string
		machines, broken int
	}{
		"lines":                         {named("a") + "\n" + named("b") + "\n", 2, 0},
		"no last newline":               {named("a") + "\n" + named("b"), 2, 0},
		"CRLF, BOM":                     {"\ufeff" + named("a") + "\r\n" + named("b") + "\r\n", 2, 0},
		"a torn one first":              {`{"host":"x","sta` + "\n" + named("a") + "\n" + named("b") + "\n", 2, 1},
		"a torn one between":            {named("a") + "\n" + `{"host":"x"` + "\n" + named("b") + "\n", 2, 1},
		"a torn one last":               {named("a") + "\n" + named("b") + "\n" + `{"ho`, 2, 1},
		"words between":                 {named("a") + "\nwarning: disk\n" + named("b") + "\n", 2, 1},
		"pretty, one behind the other":  {pretty("a") + pretty("b"), 2, 0},
		"pretty, a torn one between":    {pretty("a") + pretty("x")[:40] + "\n" + pretty("b"), 2, 1},
		"a list":                        {"[" + named("a") + ",\n" + named("b") + "]", 2, 0},
		"a torn list":                   {"[" + named("a") + ",\n" + named("b"), 2, 1},
		"no status":                     {`{"a":1}` + "\n" + named("a") + "\n", 1, 1},
		"another format":                {strings.Replace(named("x"), `"1"`, `"2"`, 1) + "\n" + named("a"), 1, 1},
		"no such state":                 {strings.Replace(named("x"), "in_sync", "fine", 1) + "\n" + named("a"), 1, 1},
		"a number for a host":           {`{"host":7,` + one[1:] + "\n" + named("a"), 1, 1},
		"two megabytes":                 {`{"host":"` + strings.Repeat("x", 2<<20) + `",` + one[1:] + "\n" + named("a"), 1, 1},
		"braces behind the 64th KB":     {`{"host":"` + strings.Repeat("{", 300<<10) + `",` + one[1:] + "\n" + named("a"), 2, 0},
		"nothing":                       {"", 0, 0},
		"blank lines":                   {"\n\n" + named("a") + "\n\n\n", 1, 0},
		"NUL bytes":                     {strings.Repeat("\x00", 4096), 0, 1},
		"UTF-16, as PowerShell's > has": {"\xff\xfe{\x00}\x00\n\x00", 0, 1},
	} {
		fs := afero.NewMemMapFs()
		write(t, fs, "in", []byte(c.text))
		got := read(t, fs, "in")
		if len(got.Machines) != c.machines || got.Unreadable != c.broken {
			t.Errorf("%s: %d machines and %d that are none, want %d and %d", name, len(got.Machines), got.Unreadable, c.machines, c.broken)
		}
	}
}

// What is hostile in size ends soon, and holds little.
func TestHostileSizes(t *testing.T) {
	for name, text := range map[string]string{
		"deep":             strings.Repeat(`{"a":`, 1<<20),
		"open, by lines":   strings.Repeat("{\"a\":\n", 1<<20),
		"closed, by lines": "{\"a\":[\n" + strings.Repeat("}\n", 1<<20),
		"a list, deep":     strings.Repeat("[", 1<<20),
	} {
		fs := afero.NewMemMapFs()
		write(t, fs, "in", []byte(text))
		start := time.Now()
		if got := read(t, fs, "in"); len(got.Machines) != 0 || got.Unreadable == 0 {
			t.Errorf("%s: %+v", name, got)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}

// Of several statuses of one home the newest counts, in whatever order they come.
func TestDuplicates(t *testing.T) {
	at := func(hour int, state status.State) string {
		return fmt.Sprintf(`{"host":"a","format_version":"1","state":%q,"codex_home":"/h","last_run":"2026-11-26T%02d:00:00Z"}`+"\n", state, hour)
	}
	for _, text := range []string{at(8, status.Drift) + at(9, status.InSync), at(9, status.InSync) + at(8, status.Drift)} {
		fs := afero.NewMemMapFs()
		write(t, fs, "in", []byte(text+`{"host":"a","format_version":"1","state":"held","codex_home":"/other","last_run":"2026-11-26T07:00:00Z"}`))
		got := read(t, fs, "in")
		if len(got.Machines) != 2 || got.Machines[0].State != status.InSync || got.Older != 1 {
			t.Errorf("%+v", got)
		}
		if s := report.Summarize(got, today); s.Machines != 2 || s.Hosts != 1 || s.Older != 1 {
			t.Errorf("%+v", s)
		}
	}
}

// A clock that is ahead, and a machine that is silent, are said.
func TestClocks(t *testing.T) {
	fs := afero.NewMemMapFs()
	for host, run := range map[string]string{"now": "2026-11-26T11:59:00Z", "ahead": "2027-01-01T00:00:00Z", "silent": "2026-11-01T00:00:00Z", "never": "0001-01-01T00:00:00Z", "zone": "2026-11-26T13:30:00+02:00"} {
		write(t, fs, "d/"+host+".json", []byte(`{"format_version":"1","state":"in_sync","last_run":"`+run+`"}`))
	}
	got := read(t, fs, "d")
	s := report.Summarize(got, today)
	if s.Machines != 5 || s.Ahead != 1 || s.Silent != 1 {
		t.Errorf("%+v", s)
	}
	page := string(report.HTML(got, s, today, ""))
	for _, want := range []string{"1 without a run for a week", "1 whose clock is ahead", `"n":["silent"]`, `"n":["ahead"]`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// A folder by a link is read; links below it, other files and broken archives are not.
func TestFolders(t *testing.T) {
	dir := t.TempDir()
	real := filepath.Join(dir, "real")
	for name, text := range map[string]string{"a/status.json": one, "b.json": one, "c.txt": one} {
		path := filepath.Join(real, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(real, link); err != nil {
		t.Skip("no links here: ", err)
	}
	if _, err := os.Stat(link); err != nil {
		t.Skip("links that lead nowhere are made here, as by Wine: ", err)
	}
	if err := os.Symlink(real, filepath.Join(real, "again")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{real, link, real + string(filepath.Separator)} {
		if got := read(t, afero.NewOsFs(), name); len(got.Machines) != 2 || got.Unreadable != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// An archive that is cut short gives what it had.
func TestCutArchive(t *testing.T) {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, host := range []string{"a", "b"} {
		if err := w.WriteHeader(&tar.Header{Name: host + ".json", Mode: 0o644, Size: int64(len(one)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(one)); err != nil {
			t.Fatal(err)
		}
	}
	fs := afero.NewMemMapFs()
	write(t, fs, "cut.tar", archive.Bytes()[:1024+512+40])
	got := read(t, fs, "cut.tar")
	if len(got.Machines) != 1 || got.Unreadable == 0 {
		t.Errorf("%+v", got)
	}
}
