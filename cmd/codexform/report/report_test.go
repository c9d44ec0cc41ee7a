package report_test

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/cmd/codexform/report"
	"github.com/codexform/codexform/plan/status"
)

// fleet is many machines, the same ones every time.
func fleet(n int) map[string]status.Status {
	out := map[string]status.Status{}
	for i := range n {
		s := status.Status{
			FormatVersion: "1", State: status.InSync, Home: "/home/kim/.codex", PolicyVersion: 17, Tool: "0.2.0", Codex: "0.171.0",
			Ring: "all", Changes: []string{}, LastRun: time.Date(2026, 11, 26, 8, i%60, 0, 0, time.UTC),
		}
		switch {
		case i%100 == 7:
			s.State, s.Code, s.Message = status.Failed, status.HTTP401, "401 </script><b>Unauthorized</b>"
		case i%100 == 8:
			s.State, s.Code = status.Failed, status.Net
		case i%20 == 3:
			s.State, s.Changes = status.Drift, []string{"model"}
		case i%10 == 4:
			s.State, s.PolicyVersion = status.Held, 16
		}
		if i%10 == 0 {
			s.Ring = "ten"
		}
		out[fmt.Sprintf("lap-%05d", i)] = s
	}
	return out
}

func encoded(t *testing.T, s status.Status) []byte {
	t.Helper()
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A folder, a tar file and JSON lines of the same machines come to the same.
func TestInputs(t *testing.T) {
	fs := afero.NewMemMapFs()
	var archive, lines bytes.Buffer
	w := tar.NewWriter(&archive)
	for host, s := range fleet(300) {
		data := encoded(t, s)
		write(t, fs, "folder/"+host+"/status.json", data)
		if err := w.WriteHeader(&tar.Header{Name: host + ".json", Mode: 0o644, Size: int64(len(data)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		line, err := json.Marshal(struct {
			Host string `json:"host"`
			status.Status
		}{host, s})
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, fs, "fleet.tar", archive.Bytes())
	write(t, fs, "fleet.jsonl", lines.Bytes())
	write(t, fs, "folder/torn.json", []byte(`{"format_ver`))
	write(t, fs, "folder/other.json", []byte(`{"a": 1}`))
	var want string
	for _, name := range []string{"folder", "fleet.tar", "fleet.jsonl"} {
		all := read(t, fs, name)
		if wantBad := map[string]int{"folder": 2}[name]; all.Unreadable != wantBad || len(all.Machines) != 300 {
			t.Errorf("%s: %d machines, %d unreadable", name, len(all.Machines), all.Unreadable)
		}
		all.Unreadable = 0
		report.Sort(all.Machines)
		got := string(report.HTML(all, report.Summarize(all, today), today, ""))
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%s gives another page than the folder", name)
		}
	}
}

// today is when the reports of the tests are made.
var today = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func read(t *testing.T, fs afero.Fs, names ...string) report.Fleet {
	t.Helper()
	fleet, err := report.Read(fs, names)
	if err != nil {
		t.Fatal(err)
	}
	return fleet
}

func write(t *testing.T, fs afero.Fs, name string, data []byte) {
	t.Helper()
	if err := afero.WriteFile(fs, name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func machines(n int) []report.Machine {
	var all []report.Machine
	for host, s := range fleet(n) {
		all = append(all, report.Machine{Host: host, Status: s})
	}
	report.Sort(all)
	return all
}

func TestSummary(t *testing.T) {
	all := machines(1000)
	s := report.Summarize(report.Fleet{Machines: all}, today)
	got := fmt.Sprint(s.Machines, s.PolicyVersion, s.States, s.Codes)
	if want := "1000 17 [{in_sync 830} {held 100} {drift 50} {error 20}] [{E401 10} {E_NET 10}]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if !all[0].NeedsPerson() || all[0].Code != status.HTTP401 || all[10].Code != status.Net || all[20].State != status.Drift {
		t.Errorf("the first machines are %v, %v and %v", all[0].Word(), all[10].Word(), all[20].Word())
	}
}

// A ring is widened when nobody failed and enough are through: the rule of three.
func TestRings(t *testing.T) {
	ring := func(done, failed int) report.Ring {
		var all []report.Machine
		for range done {
			all = append(all, report.Machine{Status: status.Status{State: status.InSync, Ring: "ten", PolicyVersion: 17}})
		}
		for range failed {
			all = append(all, report.Machine{Status: status.Status{State: status.Failed, Ring: "ten", PolicyVersion: 17}})
		}
		return report.Summarize(report.Fleet{Machines: all}, today).Rings[0]
	}
	if r := ring(1000, 0); !r.Widen || r.Bound != 0.3 {
		t.Errorf("1,000 without a failure: %+v", r)
	}
	if r := ring(10, 0); r.Widen || r.Bound != 30 {
		t.Errorf("10 without a failure: %+v", r)
	}
	if r := ring(1000, 1); r.Widen || r.Bound != 0 {
		t.Errorf("one failure of 1,001: %+v", r)
	}
}
