package acceptance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/cmd/codexform/cli"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan/rollout"
	"github.com/codexform/codexform/sources"
)

// TestHerd lets a fleet run apply, in this process and on files of its own each, against
// a real Vault with a rate quota and a gateway on loopback. With HERD set to a number
// that many machines run and docs/figures/herd.md is written, otherwise a few, for the
// laws alone.
func TestHerd(t *testing.T) {
	h := newHerd(t, herdSize(t))
	wide, narrow := h.span, h.span/3

	h.scene("push, at once, no limit", 0, h.everybody("apply"), func(s scene) {
		s.wants(t, s.states["in_sync"] == h.size && s.vault == 2*h.size, "everybody is done after two calls")
	})
	h.forget()
	h.quota(200)
	h.scene("push, at once, Vault allows 200/s", 0, h.everybody("apply"), func(s scene) {
		s.wants(t, s.states["in_sync"]+s.states["error:E_SECRET"] == h.size, "whoever is not done knows why")
	})
	h.scene("the next run", narrow, h.everybody("apply"), func(s scene) {
		s.wants(t, s.states["in_sync"] == h.size, "everybody is done")
	})
	h.forget()
	h.scene("push, Vault allows 200/s", wide, h.everybody("apply"), func(s scene) {
		s.wants(t, s.states["in_sync"] == h.size && s.vault <= 21*h.size/10, "two calls a machine, and hardly one refused")
	})
	h.scene("steady state: apply again, at once", 0, h.everybody("apply"), func(s scene) {
		s.wants(t, s.states["in_sync"] == h.size && s.vault == 0, "nobody calls Vault")
	})
	h.scene("steady state: status, at once", 0, h.everybody("status"), func(s scene) {
		s.wants(t, s.states["in_sync"] == h.size && s.vault+s.gateway == 0, "nobody is called at all")
	})

	before := h.files()
	h.rotate()
	h.seal()
	h.scene("rotation while Vault is sealed", narrow, h.everybody("apply"), func(s scene) {
		s.wants(t, s.states["error:E_SECRET"] == h.size && s.gateway == 0, "everybody says E_SECRET and asks no gateway")
		s.wants(t, h.files() == before, "and every file is as it was")
	})
	h.unseal()
	h.scene("rotation, once Vault is back", wide, h.everybody("apply"), func(s scene) {
		s.wants(t, s.states["in_sync"] == h.size && s.vault <= 21*h.size/10, "everybody has the new key after two calls")
		s.wants(t, h.files() != before && h.withKey(2) == h.size, "and nobody the old one")
	})
	h.quota(0)
	h.rotate()
	h.limit(20)
	h.scene("rotation, at once, the gateway allows 20/s and says Retry-After: 0", 0, h.everybody("apply"), func(s scene) {
		s.wants(t, s.gateway <= 6*h.size, "nobody asks more than three times for each of two looks")
		s.wants(t, s.states["in_sync"]+s.states["error:E429"] == h.size && h.withKey(3) >= s.states["in_sync"], "whoever is not done knows why")
	})
	h.limit(100)
	h.scene("the next run, the gateway allows 100/s", wide, h.everybody("apply"), func(s scene) {
		s.wants(t, s.states["in_sync"] == h.size && h.withKey(3) == h.size, "everybody is done")
	})
	h.report()
}

func (s scene) wants(t *testing.T, ok bool, what string) {
	t.Helper()
	if !ok {
		t.Errorf("%s: not so: %s: %d calls of Vault, %d of the gateway, %d refused, %v", s.name, what, s.vault, s.gateway, s.refused, s.states)
	}
}

// herd is a fleet, what it calls, and what was seen of it.
type herd struct {
	t      *testing.T
	size   int
	span   time.Duration
	root   string
	vault  *meter
	gate   *meter
	server *herdVault
	policy string
	round  int // of the key: its version, and the policy's
	scenes []scene
}

// scene is one thing that the whole fleet did.
type scene struct {
	name                    string
	vault, gateway, refused int
	peak                    int // requests in the busiest second, of both
	took, slowest           time.Duration
	states                  map[string]int
	perSecond               [2][]int // of Vault, of the gateway
}

func newHerd(t *testing.T, size int) *herd {
	h := &herd{t: t, size: size, span: 60 * time.Second, root: herdFolder(t), round: 1}
	if size < 1000 {
		h.span = 3 * time.Second
	}
	h.server = newHerdVault(t)
	h.vault, h.gate = h.server.meter, newMeter(t, http.HandlerFunc(h.models))
	h.write()
	return h
}

// herdFolder is in memory where it can be: what the disks of this machine can do for
// thousands of homes is not what is measured.
func herdFolder(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "herd")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// write writes the policy as it is in this round, and its key as that version.
func (h *herd) write() {
	h.server.put(h.t, h.key(h.round))
	h.policy = filepath.Join(h.root, fmt.Sprintf("codex-%d.yaml", h.round))
	text := fmt.Sprintf(`version: 1
policy_version: %d
model: gpt-5.4
provider: {base_url: "%s/v1"}
confirm: {timeout: 30s}
codex_home: "%s/${host}"
secret:
  vault:
    address: %s
    path: codex
    engine: kv2
    version: %d
    timeout: 30s
    auth: {method: approle, role_id: %s, secret_id: {file: %s}}
`, h.round, h.gate.url, h.root, h.vault.url, h.round, h.server.role, h.server.secret(h.t, h.root))
	if err := os.WriteFile(h.policy, []byte(text), 0o600); err != nil {
		h.t.Fatal(err)
	}
}

func (h *herd) rotate() { h.round++; h.write() }

func (h *herd) key(version int) string { return fmt.Sprintf("sk-herd-%d-0123456789abcdef", version) }

// models is the gateway: it knows the key of this round and the one before.
func (h *herd) models(w http.ResponseWriter, r *http.Request) {
	switch r.Header.Get("Authorization") {
	case "Bearer " + h.key(h.round), "Bearer " + h.key(h.round-1):
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"object":"list","data":[{"id":"gpt-5.4"}]}`))
	default:
		w.WriteHeader(http.StatusUnauthorized)
	}
}

func (h *herd) quota(rate int)    { h.server.quota(h.t, rate) }
func (h *herd) limit(rate int)    { h.gate.limit(rate) }
func (h *herd) seal()             { h.server.Do(h.t, http.MethodPut, "sys/seal", nil) }
func (h *herd) unseal()           { h.server.unseal(h.t) }
func (h *herd) home(i int) string { return filepath.Join(h.root, host(i)) }
func host(i int) string           { return fmt.Sprintf("lap-%d", i) }

// forget is a fleet without homes.
func (h *herd) forget() {
	for i := range h.size {
		if err := os.RemoveAll(h.home(i)); err != nil {
			h.t.Fatal(err)
		}
	}
}

// files is a digest of both files of everybody.
func (h *herd) files() string {
	sum := sha256.New()
	for i := range h.size {
		for _, name := range []string{"config.toml", "auth.json"} {
			data, err := os.ReadFile(filepath.Join(h.home(i), name))
			fmt.Fprintf(sum, "%d %s %v %x\n", i, name, err == nil, sha256.Sum256(data))
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// withKey is how many have the key of a version.
func (h *herd) withKey(version int) int {
	n := 0
	for i := range h.size {
		data, _ := os.ReadFile(filepath.Join(h.home(i), "auth.json"))
		if bytes.Contains(data, []byte(h.key(version))) {
			n++
		}
	}
	return n
}

// everybody is one command on every machine.
func (h *herd) everybody(args ...string) func(i int) string {
	if args[0] == "apply" {
		args = append(args, "--auto-approve", "--codex", "off")
	}
	args = append(args, "-f", h.policy)
	return func(i int) string {
		var out, errs bytes.Buffer
		env := h.env(i, &out, &errs, args)
		cli.Main(context.Background(), env)
		return h.word(i, out.String()+errs.String())
	}
}

// word is what a run has come to, by what it kept.
func (h *herd) word(i int, said string) string {
	data, err := os.ReadFile(filepath.Join(h.home(i), ".codexform", "status.json"))
	if err != nil {
		return "nothing: " + said
	}
	return wordOf(data)
}

func (h *herd) env(i int, out, errs *bytes.Buffer, args []string) cli.Env {
	return cli.Env{
		World: sources.World{
			LookupEnv: func(string) (string, bool) { return "", false },
			Fs:        afero.NewOsFs(), Stdin: strings.NewReader(""), Dir: h.root,
			User: "kim", UID: "1000", Home: h.root, Host: host(i), OS: "linux",
		},
		Args: args, Stdout: out, Stderr: errs, Now: time.Now, Build: ui.Build{Version: "0.0.0"},
		Machine: func() rollout.Machine { return h.machine(i) },
	}
}

func (h *herd) machine(i int) rollout.Machine {
	id := sha256.Sum256([]byte(host(i)))
	return rollout.Machine{ID: hex.EncodeToString(id[:16]), Host: host(i)}
}

// inFlight is how many work at once: the files and connections that they hold open have
// to fit into this process. Behind a splay fewer do: a machine of a fleet has a processor
// of its own, and what waits for one here would come as a crowd.
const inFlight, inFlightSpread = 300, 16

// scene lets everybody run and looks at what came of it.
func (h *herd) scene(name string, splay time.Duration, run func(i int) string, judge func(scene)) {
	h.t.Helper()
	if splay > 0 {
		name += ", --splay " + rollout.Format(splay)
	}
	h.vault.reset()
	h.gate.reset()
	s := scene{name: name, states: map[string]int{}}
	words, times := make([]string, h.size), make([]time.Duration, h.size)
	slots := make(chan struct{}, inFlight)
	if splay > 0 {
		slots = make(chan struct{}, inFlightSpread)
	}
	var all sync.WaitGroup
	start := time.Now()
	for i := range h.size {
		all.Go(func() {
			time.Sleep(h.machine(i).Wait(strconv.Itoa(h.round), splay)) // as --splay does, before the policy is read
			slots <- struct{}{}
			begun := time.Now()
			words[i] = run(i)
			times[i] = time.Since(begun)
			<-slots
		})
	}
	all.Wait()
	s.took = time.Since(start)
	for i, word := range words {
		s.states[word]++
		s.slowest = max(s.slowest, times[i])
	}
	s.measure(h, start)
	h.scenes = append(h.scenes, s)
	h.t.Logf("%-70s %6d %6d %6d %4d/s %6.1f s %v", s.name, s.vault, s.gateway, s.refused, s.peak, s.took.Seconds(), s.states)
	judge(s)
}
