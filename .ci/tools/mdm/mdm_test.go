package mdm

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/micromdm/plist"
	howett "howett.net/plist"
)

const (
	fleet      = 50
	identifier = "com.example.codex"
)

// codexform runs the program over a policy that sends Codex to a host.
func codexform(t *testing.T, host string, args ...string) []byte {
	t.Helper()
	program, err := filepath.Abs(os.Getenv("CODEXFORM"))
	if err != nil || os.Getenv("CODEXFORM") == "" {
		t.Fatal("CODEXFORM has to name the program: make mdm does")
	}
	dir := t.TempDir()
	policy := fmt.Sprintf("version: 1\nmodel: gpt-5.4\nprovider: {id: corp, name: \"Bob's <Gate> & Co ü\", base_url: 'https://%s/v1'}\ndelivery: command\nsecret: {file: /run/key}\n", host)
	if err := os.WriteFile(filepath.Join(dir, "codex.yaml"), []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, append([]string{"export"}, args...)...)
	cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH")}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("codexform export %q: %v\n%s", args, err, errs.String())
	}
	return out
}

// exported is a profile, and the requirements that a Mac has to find in it.
func exported(t *testing.T, host, form string) (profile, requirements []byte) {
	place := []string{"--program", "/usr/local/bin/codexform", "--policy", "/etc/codexform/codex.yaml"}
	profile = codexform(t, host, append([]string{"mobileconfig", "--identifier", identifier, "--organization", "Example & Co", "--form", form}, place...)...)
	return profile, codexform(t, host, append([]string{"requirements"}, place...)...)
}

// Two libraries and plistutil, which writes it in the other form and back, read the same.
func TestReadBack(t *testing.T) {
	for _, form := range []string{"plain", "mcx"} {
		data, _ := exported(t, "gw.example.com", form)
		want := read(t, howett.Unmarshal, data)
		binary := plistutil(t, data, "bin")
		for name, got := range map[string]map[string]any{
			"micromdm":                      readMicro(t, data),
			"howett, by plistutil binary":   read(t, howett.Unmarshal, binary),
			"micromdm, by plistutil binary": readMicro(t, binary),
			"howett, and back":              read(t, howett.Unmarshal, plistutil(t, binary, "xml")),
		} {
			if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprint(got)); diff != "" {
				t.Errorf("%s, %s (-howett +it):\n%s", form, name, diff)
			}
		}
		if want["PayloadIdentifier"] != identifier {
			t.Errorf("%s: %v", form, want)
		}
	}
	if _, err := tryPlistutil(t, []byte("<plist><dict><key>a</key>"), "bin"); err == nil {
		t.Error("plistutil takes anything")
	}
}

func read(t *testing.T, decode func([]byte, any) (int, error), data []byte) map[string]any {
	t.Helper()
	var doc map[string]any
	if _, err := decode(data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func readMicro(t *testing.T, data []byte) map[string]any {
	return read(t, func(data []byte, v any) (int, error) { return 0, plist.Unmarshal(data, v) }, data)
}

func plistutil(t *testing.T, data []byte, form string) []byte {
	t.Helper()
	out, err := tryPlistutil(t, data, form)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// tryPlistutil converts; its exit code says nothing, so what it prints and writes does.
func tryPlistutil(t *testing.T, data []byte, form string) ([]byte, error) {
	in, out := filepath.Join(t.TempDir(), "in"), filepath.Join(t.TempDir(), "out")
	if err := os.WriteFile(in, data, 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command("plistutil", "-i", in, "-o", out, "-f", form).CombinedOutput()
	if err != nil || len(said) > 0 {
		return nil, fmt.Errorf("plistutil: %v %s", err, said)
	}
	return os.ReadFile(out)
}

// A fleet gets the profile, gets it again, gets another policy's, and loses it; a broken
// one is refused by each and changes nothing.
func TestFifty(t *testing.T) {
	start := time.Now()
	s := newServer(t)
	macs := make([]*mac, fleet)
	for i := range macs {
		macs[i] = newMac(t, s.Client(), s.URL+"/mdm")
	}
	first, want := exported(t, "gw.example.com", "plain")
	install := func(id string, data []byte) {
		s.send(t, macs, id, map[string]any{"RequestType": "InstallProfile", "Payload": data})
		poll(t, macs)
	}
	var rows []string
	row := func(step string, refused int, want []byte) {
		t.Helper()
		rows = append(rows, fmt.Sprintf("| %s | %d | %d |", step, have(t, macs, want), refused))
		for _, m := range macs {
			if m.refused != refused {
				t.Errorf("%s: %s refused %d", step, m.SerialNumber(), m.refused)
			}
			m.refused = 0
		}
	}
	install("1", first)
	row("a profile is pushed", 0, want)
	again, _ := exported(t, "gw.example.com", "plain")
	if !bytes.Equal(first, again) {
		t.Error("two exports of one policy differ")
	}
	install("2", again)
	row("the same again, byte for byte", 0, want)
	second, other := exported(t, "gw2.example.com", "plain")
	if bytes.Equal(first, second) || bytes.Equal(want, other) {
		t.Fatal("two policies give one profile")
	}
	install("3", second)
	row("another policy, under the same identifier: replaced", 0, other)
	mcx, _ := exported(t, "gw2.example.com", "mcx")
	install("4", mcx)
	row("the same as `--form mcx`", 0, other)
	install("5", []byte(strings.Replace(string(second), "PayloadUUID", "PayloadUuid", 2)))
	row("a broken one: refused, nothing changes", 1, other)
	s.send(t, macs, "6", map[string]any{"RequestType": "RemoveProfile", "Identifier": identifier})
	poll(t, macs)
	row("it is removed", 0, nil)
	figure(t, rows, time.Since(start))
}

func poll(t *testing.T, macs []*mac) {
	t.Helper()
	for _, m := range macs {
		if err := m.poll(t.Context()); err != nil {
			t.Fatalf("%s: %v", m.SerialNumber(), err)
		}
	}
}

// have counts the Macs that have one profile at most, and whose Codex reads what is wanted
// and nothing else.
func have(t *testing.T, macs []*mac, want []byte) int {
	t.Helper()
	n := 0
	for _, m := range macs {
		prefs := map[string]any{}
		if want != nil {
			prefs["requirements_toml_base64"] = base64.StdEncoding.EncodeToString(want)
		}
		if diff := cmp.Diff(prefs, m.preferences()); diff != "" || len(m.profiles) > 1 {
			t.Errorf("%s: %d profiles (-want +got):\n%s", m.SerialNumber(), len(m.profiles), diff)
			continue
		}
		n++
	}
	return n
}
