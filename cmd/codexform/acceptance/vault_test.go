package acceptance

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan/codex/codextest"
	"github.com/codexform/codexform/sources/vaulttest"
)

// TestVault does the main job with each login to a real Vault: apply, a turn of the
// real Codex with the key that came from there, and nothing left to do.
func TestVault(t *testing.T) {
	v := newVault(t)
	for name, l := range v.logins(t) {
		t.Run(name, func(t *testing.T) {
			gateway := startGateway(t)
			m := v.machine(t, l, "provider: {id: gate, name: Gate, base_url: '"+gateway.URL()+"'}\n", "version: 1")
			m.codexform(0, "apply", "--auto-approve")
			m.asked("apply", append(l.asks, "read secret/data/codex", "update auth/token/revoke-self")...)
			if ran := codextest.Turn(t, m.home, nil); ran.Exit != 0 || !strings.Contains(ran.Stdout, "Hello from the loopback gateway.") {
				t.Errorf("codex exec: exit %d, %q\n%s", ran.Exit, ran.Stdout, ran.Stderr)
			}
			m.codexform(0, "plan", "--detailed-exitcode")
			m.codexform(0, "apply", "--auto-approve")
			m.asked("with the pinned version in place")
		})
	}
}

// A fork's job and a laptop of another authority do not get in, and nothing is written.
func TestVaultKeepsOthersOut(t *testing.T) {
	v := newVault(t)
	logins := v.logins(t)
	v.issuer.Claims["repository"] = "eve/laptops"
	strangers := vaulttest.NewAuthority(t, "strangers")
	cert, key := strangers.Issue(t, "laptop-7")
	stranger := login{lines: "client_cert: " + cert + "\n    client_key: " + key + "\n    auth: {method: cert}"}
	for name, l := range map[string]login{"fork": logins["github"], "stranger": stranger} {
		t.Run(name, func(t *testing.T) {
			gateway := startGateway(t)
			m := v.machine(t, l, "provider: {id: gate, name: Gate, base_url: '"+gateway.URL()+"'}\n", "version: 1")
			stdout, stderr := m.codexform(4, "apply", "--auto-approve")
			if !strings.Contains(stderr, "was refused (400)") || strings.Contains(stdout+stderr, turnKey) {
				t.Errorf("said %q, %q", stdout, stderr)
			}
			if left, err := filepath.Glob(filepath.Join(m.home, "*")); err != nil || len(left) != 0 {
				t.Errorf("the home has %v, %v", left, err)
			}
		})
	}
}

// After a rotation a plan says from which version to which, an apply replaces the
// key, and one that the gateway refuses leaves the old one in force.
func TestVaultRotation(t *testing.T) {
	v := newVault(t)
	gateway := startGateway(t)
	m := v.machine(t, v.logins(t)["approle"], "provider: {id: gate, name: Gate, base_url: '"+gateway.URL()+"'}\n")
	m.codexform(0, "apply", "--auto-approve")
	auth := filepath.Join(m.home, "auth.json")
	before, err := os.ReadFile(auth)
	if err != nil {
		t.Fatal(err)
	}

	v.write(t, "sk-refused-0123456789")
	stdout, _ := m.codexform(2, "plan", "--detailed-exitcode")
	if !strings.Contains(stdout, "version 1 → 2") {
		t.Errorf("the plan does not say from which version to which:\n%s", stdout)
	}
	m.codexform(5, "apply", "--auto-approve")
	if after, err := os.ReadFile(auth); err != nil || string(after) != string(before) {
		t.Errorf("auth.json is not as before: %v", err)
	}

	v.write(t, turnKey)
	m.codexform(0, "apply", "--auto-approve")
	m.codexform(0, "plan", "--detailed-exitcode")
}

// With delivery: command and Vault no file holds the key, and a Codex that runs
// while the key changes in Vault goes on after one 401.
func TestVaultRotationUnderARunningCodex(t *testing.T) {
	v := newVault(t)
	v.write(t, firstKey)
	k := newKeyless(t)
	l := v.logins(t)["approle"]
	k.env = append(k.env, l.env...)
	k.apply("provider: {id: gate, name: Gate, base_url: 'URL'}\ndelivery: command\n" + v.secret(l))
	k.gateway.Answer = func(w http.ResponseWriter, r *http.Request) {
		if k.denied.Load() == 0 {
			v.write(t, nextKey)
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

// machine is a laptop or a runner with one login.
type machine struct {
	*vault
	t         *testing.T
	dir, home string
	env       []string
}

func (v *vault) machine(t *testing.T, l login, lines string, vaultLines ...string) *machine {
	m := &machine{vault: v, t: t, dir: t.TempDir(), home: codextest.Home(t)}
	m.env = append([]string{"CODEX_HOME=" + m.home}, l.env...)
	m.policy("version: 1\nmodel: gpt-5.4\n" + lines + v.secret(l, vaultLines...))
	v.audit.Take(t)
	return m
}

// policy writes codex.yaml.
func (m *machine) policy(text string) {
	m.t.Helper()
	if err := os.WriteFile(filepath.Join(m.dir, "codex.yaml"), []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) codexform(code int, args ...string) (stdout, stderr string) {
	m.t.Helper()
	return codexform(m.t, m.dir, code, m.env, args...)
}

func (m *machine) asked(what string, want ...string) {
	m.t.Helper()
	got := m.audit.Take(m.t)
	if diff := cmp.Diff(want, got); diff != "" {
		m.t.Errorf("%s: Vault was asked (-want +got):\n%s", what, diff)
	}
}

// A wrapped secret-id is spent by the first apply. The next one has nothing to do and
// says so; it is an error again as soon as the key, or anything else, is to be written.
func TestVaultSpentMattersOnlyWithSomethingToDo(t *testing.T) {
	v := newVault(t)
	gateway := startGateway(t)
	provider := "provider: {id: gate, name: Gate, base_url: '" + gateway.URL() + "'}\n"
	l := v.logins(t)["wrapped"]
	m := v.machine(t, l, provider)
	m.codexform(0, "apply", "--auto-approve")
	m.audit.Take(t)
	auth := filepath.Join(m.home, "auth.json")
	key, err := os.ReadFile(auth)
	if err != nil {
		t.Fatal(err)
	}

	stdout, stderr := m.codexform(0, "apply", "--auto-approve")
	m.asked("the wrapping token, never the secret", "update sys/wrapping/lookup", "read auth/token/lookup-self")
	for _, want := range []string{"opened before", "nothing to do", "Confirmed"} {
		if !strings.Contains(stdout+stderr, want) {
			t.Errorf("a quiet apply does not say %q:\n%s%s", want, stdout, stderr)
		}
	}

	m.policy("version: 1\nmodel: gpt-5.4\nreasoning_effort: high\n" + provider + v.secret(l))
	m.codexform(4, "apply", "--auto-approve")
	m.policy("version: 1\nmodel: gpt-5.4\n" + provider + v.secret(l))
	for what, text := range map[string]string{
		"another key": strings.Replace(string(key), turnKey, "sk-of-somebody-0123456789", 1), "no key": "{}",
	} {
		if err := os.WriteFile(auth, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, stderr := m.codexform(4, "apply", "--auto-approve"); !strings.Contains(stderr, "opened before") {
			t.Errorf("%s: said %q", what, stderr)
		}
	}
}
