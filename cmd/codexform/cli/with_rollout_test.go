package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/plan/rollout"
)

const (
	somebody  = "4c4c4544-0042-3510-8052-b2c04f4d5931"
	spreading = "version: 1\npolicy_version: 17\nsettings: {hide_agent_reasoning: true}\n"
)

// placeIn is where the machine of these tests stands in a splay.
func placeIn(splay time.Duration) time.Duration { return rollout.Offset("17", somebody, splay) }

// spread is a machine with an id and a policy.
func spread(t *testing.T, id, policy string) (m *machine, path string) {
	m = newMachine(t)
	m.id = id
	path = m.write("codex.yaml", policy)
	m.args = []string{"-f", path}
	return m, path
}

// Outside a contract --splay is a wait; what holds the policy meanwhile counts.
func TestSplayWaits(t *testing.T) {
	m, policy := spread(t, somebody, spreading)
	splay := 400 * time.Millisecond
	start := time.Now()
	if code, out, errs := m.run("apply", "--auto-approve", "--codex", "off", "--splay", splay.String()); code != 0 {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	if took := time.Since(start); took < placeIn(splay) || placeIn(splay) < 10*time.Millisecond {
		t.Errorf("it took %s, and its place is %s", took, placeIn(splay))
	}
	go func() {
		time.Sleep(placeIn(splay) / 2)
		_ = os.WriteFile(policy, []byte(strings.Replace(spreading, "true", "false", 1)+"rollout: {mode: hold}\n"), 0o600)
	}()
	code, out, _ := m.run("apply", "--auto-approve", "--codex", "off", "--splay", splay.String())
	if code != 0 || !strings.HasPrefix(out, "Held: ") {
		t.Errorf("the brake was pulled during the wait: exit %d\n%s", code, out)
	}
}

// Whoever has no place of his own, and whoever says so, does not wait.
func TestSplayIsNotForAll(t *testing.T) {
	for name, run := range map[string]struct {
		id   string
		more []string
	}{"no id": {"", nil}, "a placeholder": {"00000000000000000000", nil}, "--now": {somebody, []string{"--now"}}} {
		m, _ := spread(t, run.id, spreading)
		start := time.Now()
		if code, out, errs := m.run(append([]string{"apply", "--auto-approve", "--codex", "off", "--splay", "24h"}, run.more...)...); code != 0 {
			t.Errorf("%s: exit %d\n%s%s", name, code, out, errs)
		}
		if time.Since(start) > 10*time.Second {
			t.Errorf("%s: it waited", name)
		}
	}
	m, _ := spread(t, somebody, spreading)
	for _, bad := range []string{"soon", "-1m", "25h"} {
		if code, _, errs := m.run("status", "--splay", bad); code != 3 || !strings.Contains(errs, "--splay") {
			t.Errorf("--splay %s: exit %d, %s", bad, code, errs)
		}
	}
}

// Under a contract nobody sleeps: the machine is held until its place has come, whether
// the flag or the policy says so, and whoever looks first.
func TestSplayHoldsUnderAContract(t *testing.T) {
	flag := []string{"--splay", "30m"}
	for name, c := range map[string]struct {
		policy string
		args   []string
		salt   string
	}{
		"flag":   {spreading, flag, "17\x00"},
		"policy": {spreading + "rollout: {splay: 30m}\n", nil, "17\x00"},
	} {
		t.Run(name, func(t *testing.T) {
			m, policy := spread(t, somebody, c.policy)
			m.now = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
			delivered := m.now
			if err := os.Chtimes(policy, delivered, delivered); err != nil {
				t.Fatal(err)
			}
			wait := rollout.Offset(c.salt, somebody, 30*time.Minute)
			said := func(command, want string) {
				t.Helper()
				args := append([]string{command, "--contract", "intune-detect"}, c.args...)
				if command != "status" {
					args = append(args, "--codex", "off")
				}
				if code, out, errs := m.run(args...); !strings.HasPrefix(out, want+" ") {
					t.Errorf("%s at %s: exit %d, %s%s", command, m.now.Sub(delivered), code, out, errs)
				}
			}
			m.now = delivered.Add(wait - time.Second)
			said("plan", "held")
			said("status", "held")
			said("apply", "held")
			m.now = delivered.Add(wait)
			said("plan", "drift")
			said("status", "drift")
			said("apply", "in_sync")
		})
	}
}

// A console that only looks, and has never let apply run, is not told to wait for ever.
func TestALookDoesNotStarve(t *testing.T) {
	m, policy := spread(t, somebody, spreading+"rollout: {splay: 30m}\n")
	long := m.now.Add(-30 * 24 * time.Hour) // as packages deliver it
	if err := os.Chtimes(policy, long, long); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"drift ", "drift "} {
		if _, out, _ := m.run("plan", "--codex", "off", "--contract", "intune-detect"); !strings.HasPrefix(out, want) {
			t.Errorf("got %s", out)
		}
		m.now = m.now.Add(time.Hour)
	}
	if _, out, _ := m.run("apply", "--codex", "off", "--contract", "intune-remediate"); !strings.HasPrefix(out, "held ") {
		t.Errorf("the first apply begins the splay: %s", out)
	}
	if _, out, _ := m.run("plan", "--codex", "off", "--contract", "intune-detect"); !strings.HasPrefix(out, "held ") {
		t.Errorf("and plan knows of it: %s", out)
	}
	m.now = m.now.Add(30 * time.Minute)
	if _, out, _ := m.run("plan", "--codex", "off", "--contract", "intune-detect"); !strings.HasPrefix(out, "drift ") {
		t.Errorf("it is over: %s", out)
	}
}

// A machine that waits asks nobody, the source of its secret neither.
func TestWhatIsHeldAsksNobody(t *testing.T) {
	asked := filepath.Join(t.TempDir(), "asked")
	m, _ := spread(t, somebody, "version: 1\nmodel: gpt-5.4\nprovider: {base_url: \"https://gateway.example/v1\"}\nsecret: {command: [touch, "+asked+"]}\nrollout: {mode: hold}\n")
	code, out, _ := m.run("plan", "--codex", "off")
	if code != 0 || !strings.HasPrefix(out, "Held: ") || !strings.Contains(out, "OPENAI_API_KEY") {
		t.Errorf("exit %d\n%s", code, out)
	}
	if _, out, _ := m.run("apply", "--codex", "off", "--contract", "exit01"); !strings.Contains(out, "held") {
		t.Errorf("apply: %s", out)
	}
	if _, err := os.Stat(asked); err == nil {
		t.Error("the source was asked")
	}
}
