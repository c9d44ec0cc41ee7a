package acceptance

import (
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/codexform/codexform/plan/codex/codextest"
)

const (
	firstKey = "sk-first-0123456789abcdef"
	nextKey  = "sk-next-0123456789abcdef"
)

// keyless is a machine on which a source has the key and Codex has none.
type keyless struct {
	t       *testing.T
	gateway *codextest.Gateway
	home    string // the Codex home
	work    string // the policy and its source
	temp    string // of every program
	env     []string
	right   atomic.Value // the Authorization that the gateway takes
	denied  atomic.Int32 // turns that had another one
}

func newKeyless(t *testing.T) *keyless {
	t.Helper()
	bin := built(t)
	k := &keyless{t: t, gateway: codextest.NewGateway(t), home: codextest.Home(t), work: t.TempDir(), temp: t.TempDir()}
	k.env = []string{
		"CODEX_HOME=" + k.home, "TMPDIR=" + k.temp, "GATE_KEY=" + firstKey,
		"PATH=" + filepath.Dir(bin) + string(os.PathListSeparator) + os.Getenv("PATH"),
	}
	k.accept(firstKey)
	k.gateway.Answer = k.answer
	k.source(firstKey)
	return k
}

func (k *keyless) accept(key string) { k.right.Store("Bearer " + key) }

// source is where the policy's key is.
func (k *keyless) source(key string) {
	k.t.Helper()
	if err := os.WriteFile(filepath.Join(k.work, "key"), []byte(key+"\n"), 0o600); err != nil {
		k.t.Fatal(err)
	}
}

func (k *keyless) answer(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != k.right.Load() {
		k.denied.Add(1)
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":{"message":"incorrect API key provided"}}`)
		return
	}
	codextest.SayHi(w, r)
}

// apply applies a policy with the lines given.
func (k *keyless) apply(lines string) {
	k.t.Helper()
	policy := "version: 1\nmodel: gpt-5.4\n" + strings.ReplaceAll(lines, "URL", k.gateway.URL)
	if err := os.WriteFile(filepath.Join(k.work, "codex.yaml"), []byte(policy), 0o600); err != nil {
		k.t.Fatal(err)
	}
	codexform(k.t, k.work, 0, k.env, "apply", "--auto-approve")
}

// turn lets the real Codex take a turn that must succeed.
func (k *keyless) turn() {
	k.t.Helper()
	r := codextest.Turn(k.t, k.home, k.env)
	if r.Exit != 0 || !strings.Contains(r.Stdout, "hi there") {
		k.t.Fatalf("codex exec: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
	}
}

// nowhere demands that no file of Codex, of codexform or for a while holds a key.
func (k *keyless) nowhere() {
	k.t.Helper()
	files := 0
	for _, root := range []string{k.home, k.temp} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			files++
			keys := []string{firstKey, nextKey}
			if filepath.Base(filepath.Dir(path)) == "shell_snapshots" {
				keys = keys[1:] // Codex keeps its environment there while it runs, and GATE_KEY is in it
			}
			for _, key := range keys {
				if strings.Contains(string(data), key) {
					k.t.Errorf("%s holds the key", path)
				}
			}
			return nil
		})
		if err != nil {
			k.t.Fatal(err)
		}
	}
	if files < 3 {
		k.t.Errorf("only %d files were searched", files)
	}
}

const (
	byCommandHead = "provider: {id: gate, name: Gate, base_url: 'https://gate.example/v1'}\ndelivery: command\n"
	byCommand     = "provider: {id: gate, name: Gate, base_url: 'URL'}\nsecret: {file: key}\ndelivery: command\n"
	byEnvKey      = "provider: {id: gate, name: Gate, base_url: 'URL', env_key: GATE_KEY}\ndelivery: env_key\n"
	byAuth        = "provider: {id: gate, name: Gate, base_url: 'URL'}\nsecret: {file: key}\n"
)

// With delivery: command the key is in no file, and Codex works.
func TestCommandKeepsTheKeyOffTheDisk(t *testing.T) {
	k := newKeyless(t)
	k.apply(byCommand)
	k.turn()
	k.nowhere()
}

// A running Codex goes on after a rotation: one 401, and it has the new key.
func TestRotationUnderARunningCodex(t *testing.T) {
	k := newKeyless(t)
	k.apply(byCommand)
	k.gateway.Answer = func(w http.ResponseWriter, r *http.Request) {
		if k.denied.Load() == 0 { // Codex runs, and has asked with the first key already
			k.source(nextKey)
			k.accept(nextKey)
		}
		k.answer(w, r)
	}
	k.turn()
	if n := k.denied.Load(); n != 1 {
		t.Errorf("%d turns were denied, want 1", n)
	}
	k.nowhere()
}

// With delivery: env_key the key is in Codex's environment alone.
func TestEnvKeyKeepsTheKeyOffTheDisk(t *testing.T) {
	k := newKeyless(t)
	k.apply(byEnvKey)
	k.turn()
	k.nowhere()
}

// A home goes from every delivery to every other by a plan, and each time Codex
// works with it; in the end there is what there was in the beginning.
func TestFromEveryDeliveryToEveryOther(t *testing.T) {
	k := newKeyless(t)
	k.apply(byAuth)
	first := k.files()
	for _, next := range []string{byCommand, byEnvKey, byCommand, byAuth, byEnvKey, byAuth} {
		k.apply(next)
		k.turn()
		if next != byAuth {
			k.nowhere()
			if _, there := k.files()["auth.json"]; there {
				t.Error("auth.json is still there")
			}
		}
		codexform(t, k.work, 0, k.env, "plan", "--detailed-exitcode")
	}
	for name, text := range first {
		if got := k.files()[name]; got != text {
			t.Errorf("%s was\n%s\nand is\n%s", name, text, got)
		}
	}
}

// files are config.toml and auth.json, as far as they are there.
func (k *keyless) files() map[string]string {
	out := map[string]string{}
	for _, name := range []string{"config.toml", "auth.json"} {
		if data, err := os.ReadFile(filepath.Join(k.home, name)); err == nil {
			out[name] = string(data)
		}
	}
	return out
}

// token gives the login back that it made, in the time that Codex waits.
func TestTokenGivesItsLoginBack(t *testing.T) {
	v := newVault(t)
	v.write(t, firstKey)
	l := v.logins(t)["approle"]
	m := v.machine(t, l, byCommandHead)
	stdout, stderr := m.codexform(0, "token")
	if stdout != firstKey+"\n" || stderr != "" {
		t.Errorf("stdout %q, stderr %q", stdout, stderr)
	}
	asked := v.audit.Take(t)
	if first, last := asked[0], asked[len(asked)-1]; first != l.asks[0] || last != "update auth/token/revoke-self" {
		t.Errorf("Vault was asked %q", asked)
	}
}
