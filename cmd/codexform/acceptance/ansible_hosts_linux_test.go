package acceptance

import (
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

const (
	ansibleKey = "sk-ansible-0123456789abcdef"
	kim        = 23100
)

// ansibleHosts are machines on this one: each has a file system, a network and an SSH
// server of its own, and kim, who has a Codex home. A gateway answers all of them.
type ansibleHosts struct {
	t       *testing.T
	dir     string // Ansible's own folder
	names   []string
	roots   map[string]string
	home    string // of whoever runs Ansible
	said    strings.Builder
	gateway *httptest.Server

	mu    sync.Mutex
	asked map[string]int // by address
}

// withAnsible reports whether this is the process that a test of Ansible's is played in:
// root, with mounts, networks and processes that end with it.
func withAnsible(t *testing.T) bool {
	t.Helper()
	if os.Getenv("ANSIBLE") == "" {
		t.Skip("SKIPPED, NOTHING IS PROVED: make ansible has the programs for this")
	}
	return roottest.Alone(t, "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
}

func newAnsibleHosts(t *testing.T, n int) *ansibleHosts {
	h := &ansibleHosts{t: t, dir: t.TempDir(), roots: map[string]string{}, asked: map[string]int{}}
	h.home = filepath.Join(h.dir, "me")
	h.must(os.MkdirAll(filepath.Join(h.home, ".ssh"), 0o700))
	h.do("ip", "link", "set", "lo", "up")
	h.do("ip", "link", "add", "br0", "type", "bridge")
	h.do("ip", "addr", "add", "10.77.0.1/24", "dev", "br0")
	h.do("ip", "link", "set", "br0", "up")
	h.must(os.MkdirAll("/run/netns", 0o755))
	h.do("mount", "-t", "tmpfs", "none", "/run/netns")
	h.do("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(h.home, ".ssh", "id_ed25519"))
	machines := filepath.Join(h.dir, "machines")
	h.must(os.Mkdir(machines, 0o755))
	h.do("mount", "-t", "tmpfs", "-o", "size=4g", "none", machines)
	t.Cleanup(func() { _ = exec.Command("umount", "-R", "-l", machines).Run() })
	h.serve()
	for i := range n {
		h.boot(machines, i+1)
	}
	h.inventory()
	return h
}

func (h *ansibleHosts) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *ansibleHosts) do(argv ...string) {
	h.t.Helper()
	if out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
		h.t.Fatalf("%q: %v\n%s", argv, err, out)
	}
}

// serve is the gateway.example of the guide, which lists gpt-5.4 for the key.
func (h *ansibleHosts) serve() {
	l, err := net.Listen("tcp", "10.77.0.1:443")
	h.must(err)
	h.gateway = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		h.mu.Lock()
		h.asked[host]++
		h.mu.Unlock()
		if r.Header.Get("Authorization") != "Bearer "+ansibleKey {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"data":[{"id":"gpt-5.4"}]}`)
	}))
	h.gateway.Listener = l
	h.gateway.TLS = &tls.Config{Certificates: []tls.Certificate{certificate(h.t, "gateway.example")}}
	h.gateway.StartTLS()
	h.t.Cleanup(h.gateway.Close)
}

// boot makes a machine whose files are this one's until it changes them.
func (h *ansibleHosts) boot(machines string, i int) {
	name := fmt.Sprintf("laptop-%02d", i)
	at := func(path ...string) string { return filepath.Join(append([]string{machines, name}, path...)...) }
	for _, dir := range []string{"upper", "work", "root"} {
		h.must(os.MkdirAll(at(dir), 0o755))
	}
	root := at("root")
	h.do("mount", "-t", "overlay", "overlay", "-o", "lowerdir=/,upperdir="+at("upper")+",workdir="+at("work"), root)
	for _, dir := range []string{"proc", "dev"} {
		h.do("mount", "--rbind", "/"+dir, filepath.Join(root, dir))
	}
	for _, dir := range []string{"run", "tmp"} {
		h.do("mount", "-t", "tmpfs", "-o", "mode=1777", "none", filepath.Join(root, dir))
	}
	h.settle(name, root)
	h.do("ip", "netns", "add", name)
	h.do("ip", "link", "add", fmt.Sprintf("v%d", i), "type", "veth", "peer", "name", "eth0", "netns", name)
	h.do("ip", "link", "set", fmt.Sprintf("v%d", i), "master", "br0", "up")
	h.do("ip", "-n", name, "link", "set", "lo", "up")
	h.do("ip", "-n", name, "addr", "add", address(i)+"/24", "dev", "eth0")
	h.do("ip", "-n", name, "link", "set", "eth0", "up")
	// A strict umask: the module's file is then root's alone.
	sshd := exec.Command("ip", "netns", "exec", name, "chroot", root, "sh", "-c", "umask 077; exec /usr/sbin/sshd -D -f /etc/ssh/fleet")
	h.must(sshd.Start())
	h.t.Cleanup(func() { _ = sshd.Process.Kill(); _ = sshd.Wait() })
	for range 100 {
		if c, err := net.DialTimeout("tcp", address(i)+":22", time.Second); err == nil {
			c.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	h.t.Fatalf("%s answers nobody", name)
}

func address(i int) string { return fmt.Sprintf("10.77.0.%d", 10+i) }

// settle gives a machine its accounts, its authority and its SSH server.
func (h *ansibleHosts) settle(name, root string) {
	h.names, h.roots[name] = append(h.names, name), root
	more := func(file, text string) {
		old, _ := os.ReadFile(filepath.Join(root, file))
		h.must(os.MkdirAll(filepath.Join(root, filepath.Dir(file)), 0o755))
		h.must(os.WriteFile(filepath.Join(root, file), append(old, text...), 0o644))
	}
	more("etc/passwd", fmt.Sprintf("kim:x:%d:%d::/home/kim:/bin/sh\n", kim, kim))
	more("etc/group", fmt.Sprintf("kim:x:%d:\n", kim))
	more("etc/hosts", "\n10.77.0.1 gateway.example\n")
	more("etc/ssl/certs/ca-certificates.crt", "\n"+string(certificatePEM(h.gateway)))
	public, err := os.ReadFile(filepath.Join(h.home, ".ssh", "id_ed25519.pub"))
	h.must(err)
	more("etc/ssh/keys", string(public))
	more("etc/ssh/fleet", "HostKey /etc/ssh/host\nAuthorizedKeysFile /etc/ssh/keys\nUsePAM no\nStrictModes no\nPermitRootLogin yes\nPidFile none\nSubsystem sftp internal-sftp\n")
	h.do("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(root, "etc/ssh/host"))
	h.must(os.MkdirAll(filepath.Join(root, "run/sshd"), 0o755))
	h.must(os.MkdirAll(filepath.Join(root, "home/kim/.codex"), 0o700))
	h.kims(name, "config.toml", "# mine\nmodel = \"mine\"\n")
	h.do("chown", "-R", fmt.Sprintf("%d:%d", kim, kim), filepath.Join(root, "home/kim"))
}

// kims is a file in kim's Codex home, or writes it as kim would.
func (h *ansibleHosts) kims(name, file string, text ...string) string {
	path := filepath.Join(h.roots[name], "home/kim/.codex", file)
	for _, t := range text {
		h.must(os.WriteFile(path, []byte(t), 0o600))
		h.must(os.Chown(path, kim, kim))
	}
	data, _ := os.ReadFile(path)
	return string(data)
}

// inventory lists the machines, in place of the guide's.
func (h *ansibleHosts) inventory() {
	text := "[laptops]\n"
	for i, name := range h.names {
		text += name + " ansible_host=" + address(i+1) + "\n"
	}
	text += "\n[laptops:vars]\nansible_user=root\nansible_python_interpreter=/usr/bin/python3\n"
	h.must(os.WriteFile(filepath.Join(h.dir, "hosts"), []byte(text), 0o600))
}

// certificate is a server's own, which is its authority too.
func certificate(t *testing.T, name string) tls.Certificate {
	t.Helper()
	dir := t.TempDir()
	key, cert := filepath.Join(dir, "key"), filepath.Join(dir, "cert")
	out, err := exec.Command("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert,
		"-days", "2", "-subj", "/CN="+name, "-addext", "subjectAltName=DNS:"+name).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

// certificatePEM is what a client has to trust.
func certificatePEM(s *httptest.Server) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.TLS.Certificates[0].Certificate[0]})
}

// askers are the machines that have asked the gateway since the last time.
func (h *ansibleHosts) askers() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for i, name := range h.names {
		if h.asked[address(i+1)] > 0 {
			out = append(out, name)
		}
	}
	h.asked = map[string]int{}
	slices.Sort(out)
	return out
}
