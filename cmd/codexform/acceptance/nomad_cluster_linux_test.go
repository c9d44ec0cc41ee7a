package acceptance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// cluster is a server of Nomad and its clients.
type cluster struct {
	dir, program, nomad, address string
}

// startNomad starts a server and the clients, each an agent with a folder of its own.
func startNomad(t *testing.T) *cluster {
	t.Helper()
	program, err := build()
	if err != nil {
		t.Fatal(err)
	}
	nomad, err := filepath.Abs("../../../.tools/nomad/nomad")
	if err == nil {
		_, err = os.Stat(nomad)
	}
	if err != nil {
		t.Fatal(err)
	}
	ports := freePorts(t, 3+2*len(ringNodes))
	c := &cluster{t.TempDir(), program, nomad, fmt.Sprintf("http://127.0.0.1:%d", ports[0])}
	c.agent(t, "server", ports, map[string]any{"server": map[string]any{"enabled": true, "bootstrap_expect": 1}})
	for i, n := range ringNodes {
		c.agent(t, n.name, ports[3+2*i:], map[string]any{"client": map[string]any{
			"enabled": true, "servers": []string{fmt.Sprintf("127.0.0.1:%d", ports[1])}, "network_interface": "lo",
			"gc_disk_usage_threshold": 99, "gc_inode_usage_threshold": 99, // what a task said is looked at
			"meta":    map[string]string{"ring": n.ring, "codex_home": c.home(n.name)},
			"options": map[string]string{"driver.allowlist": "raw_exec", "fingerprint.denylist": "env_aws,env_gce,env_azure,env_digitalocean,consul,vault,cni,bridge"},
		}})
	}
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(200 * time.Millisecond) {
		out, _ := c.run(t, "node", "status", "-t", `{{range .}}{{.Status}} {{end}}`)
		if strings.Count(out, "ready") == len(ringNodes) {
			return c
		}
		if time.Now().After(end) {
			log, _ := os.ReadFile(filepath.Join(c.dir, "n1.log"))
			t.Fatalf("the clients are not ready: %s\n%s", out, log)
		}
	}
}

func (c *cluster) home(node string) string { return filepath.Join(c.dir, "homes", node) }

// agent starts one agent, which ends with the test.
func (c *cluster) agent(t *testing.T, name string, ports []int, more map[string]any) {
	t.Helper()
	data := filepath.Join(c.dir, "data", name)
	doc := map[string]any{
		"name": name, "data_dir": data, "bind_addr": "127.0.0.1", "log_level": "WARN", "disable_update_check": true,
		"advertise": map[string]string{"http": "127.0.0.1", "rpc": "127.0.0.1", "serf": "127.0.0.1"},
		"plugin":    []any{map[string]any{"raw_exec": []any{map[string]any{"config": []any{map[string]any{"enabled": true, "no_cgroups": true}}}}}},
	}
	named := map[string]int{"http": ports[0], "rpc": ports[1]}
	if name == "server" {
		named["serf"] = ports[2]
	}
	doc["ports"] = named
	for key, value := range more {
		doc[key] = value
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(c.dir, name+".json")
	put(t, config, string(text))
	log, err := os.Create(filepath.Join(c.dir, name+".log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(c.nomad, "agent", "-config", config)
	cmd.Dir, cmd.Env = c.dir, []string{"PATH=/usr/bin:/bin", "HOME=" + c.dir}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		log.Close()
		left, _ := filepath.Glob(filepath.Join(data, "alloc", "*", "apply", "*"))
		for _, folder := range left { // a killed client leaves its small file systems
			_ = unix.Unmount(folder, unix.MNT_DETACH)
		}
	})
}

// freePorts are ports of loopback that nobody listens on.
func freePorts(t *testing.T, n int) []int {
	t.Helper()
	var out []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() // all are taken until all are known
		out = append(out, l.Addr().(*net.TCPAddr).Port)
	}
	return out
}

func (c *cluster) env() []string {
	return []string{"NOMAD_ADDR=" + c.address, "PATH=" + filepath.Dir(c.nomad) + ":/usr/bin:/bin", "CODEXFORM=" + c.program, "HOME=" + c.dir, "CODEXFORM_WAIT=120"}
}

func (c *cluster) exec(t *testing.T, name string, args ...string) (code int, out string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env, cmd.Dir = c.env(), c.dir
	var both bytes.Buffer
	cmd.Stdout, cmd.Stderr = &both, &both
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), both.String()
}

func (c *cluster) run(t *testing.T, args ...string) (string, int) {
	code, out := c.exec(t, c.nomad, args...)
	return out, code
}

// rings runs the example's script.
func (c *cluster) rings(t *testing.T, args ...string) (int, string) {
	return c.exec(t, "/bin/sh", append([]string{example(t, "rings.sh")}, args...)...)
}

func (c *cluster) jobRun(t *testing.T, policy string) (int, string) {
	t.Helper()
	text, err := os.ReadFile(policy)
	if err != nil {
		t.Fatal(err)
	}
	out, code := c.run(t, "job", "run", "-var", "run=by hand", "-var", "rings=it", "-var", "policy="+string(text), "-var", "program="+c.program, example(t, "codexform.nomad.hcl"))
	return code, out
}

func example(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs("../../../examples/consoles/nomad/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func (c *cluster) version(t *testing.T) string {
	out, _ := c.run(t, "version")
	first, _, _ := strings.Cut(out, "\n")
	return first
}

func (c *cluster) applied() int { return appliedBelow(c.home) }

func (c *cluster) bytes() string { return bytesBelow(c.home) }

type allocation struct {
	ID, NodeName, ClientStatus string
	JobVersion                 int
	TaskStates                 map[string]any
}

func (c *cluster) newest(t *testing.T) []allocation {
	t.Helper()
	resp, err := http.Get(c.address + "/v1/job/codexform/allocations?all=true")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	var all []allocation
	if err != nil || json.Unmarshal(data, &all) != nil {
		t.Fatalf("%v: %s", err, data)
	}
	last := 0
	for _, a := range all {
		last = max(last, a.JobVersion)
	}
	all = slices.DeleteFunc(all, func(a allocation) bool { return a.JobVersion != last })
	slices.SortFunc(all, func(a, b allocation) int { return strings.Compare(a.NodeName, b.NodeName) })
	return all
}

// allocations are those of the newest version of the job, as Nomad's API has them.
func (c *cluster) allocations(t *testing.T) string {
	var b strings.Builder
	for _, a := range c.newest(t) {
		for task := range a.TaskStates {
			fmt.Fprintf(&b, "%s %s %s\n", a.ClientStatus, a.NodeName, task)
		}
	}
	return b.String()
}

func (c *cluster) logs(t *testing.T) string {
	var b strings.Builder
	for _, a := range c.newest(t) {
		for _, from := range []string{"-stdout", "-stderr"} {
			out, _ := c.run(t, "alloc", "logs", from, a.ID)
			b.WriteString(out)
		}
	}
	return b.String()
}
