package acceptance

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/codexform/codexform/plan/codex/codextest"
	"github.com/codexform/codexform/sources/vaulttest"
)

// images builds what docs/guides/images.md says with buildah, which needs no daemon, and
// runs it in a chroot.
type images struct {
	t       *testing.T
	tools   string
	dir     string // of the build
	gateway *codextest.Gateway
}

func newImages(t *testing.T) *images {
	t.Helper()
	if os.Getenv("IMAGES") == "" {
		t.Skip("SKIPPED, NOTHING IS PROVED: make images has the programs for this")
	}
	tools, err := filepath.Abs("../../../.tools/images")
	if err != nil {
		t.Fatal(err)
	}
	m := &images{t: t, tools: tools, dir: t.TempDir(), gateway: codextest.NewGateway(t)}
	program, err := build()
	m.must(err)
	for name, from := range map[string]string{"codexform": program, "codex": codextest.Binary(t)} {
		m.do("cp", from, filepath.Join(m.dir, name))
	}
	m.write("registries.conf", "unqualified-search-registries = [\"localhost\"]\n")
	return m
}

func (m *images) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *images) write(name, text string) {
	m.must(os.MkdirAll(filepath.Dir(filepath.Join(m.dir, name)), 0o755))
	m.must(os.WriteFile(filepath.Join(m.dir, name), []byte(text), 0o644))
}

// do runs a program that has to end well.
func (m *images) do(argv ...string) string {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), "CONTAINERS_REGISTRIES_CONF="+filepath.Join(m.dir, "registries.conf"), "BUILDAH_ISOLATION=chroot", "CORP_KEY="+turnKey)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		m.t.Fatalf("%q: %v\n%s", argv, err, out.String())
	}
	return out.String()
}

func (m *images) buildah(args ...string) string {
	m.t.Helper()
	store := []string{"buildah", "--root", filepath.Join(m.tools, "store"), "--runroot", filepath.Join(m.tools, "run"), "--storage-driver", "vfs"}
	return m.do(append(store, args...)...)
}

// container builds the Dockerfile and gives a container of it, and its files.
func (m *images) container(policy, dockerfile string) (name, root string) {
	m.t.Helper()
	m.write("codex.yaml", strings.ReplaceAll(policy, "https://gateway.example/v1", m.gateway.URL))
	m.write("Dockerfile", dockerfile)
	tag := "localhost/test-" + filepath.Base(m.dir)
	m.t.Log(m.buildah("build", "--pull-never", "-t", tag, "."))
	name = strings.TrimSpace(m.buildah("from", "--pull-never", tag))
	m.t.Cleanup(func() { m.buildah("rm", name); m.buildah("rmi", tag) })
	return name, strings.TrimSpace(m.buildah("mount", name))
}

// run is a command in the container, as the user of the image.
func (m *images) run(container string, argv ...string) string {
	m.t.Helper()
	return m.buildah(append([]string{"run", "--env", "HTTPS_PROXY=http://127.0.0.1:9", "--env", "RUST_BACKTRACE=0", container, "--"}, argv...)...)
}

// turn lets the container's Codex take a turn, which the gateway has to see with the key.
func (m *images) turn(container string, env ...string) {
	m.t.Helper()
	argv := append([]string{"env"}, env...)
	out := m.run(container, append(argv, "sh", "-c", `cd && codex exec --skip-git-repo-check -c features.unbounded_connection_retries=false "say hi" </dev/null`)...)
	turns := m.gateway.Turns()
	if !strings.Contains(out, "hi there") || len(turns) != 1 || turns[0].Header.Get("Authorization") != "Bearer "+turnKey {
		m.t.Errorf("the turn: %d requests\n%s", len(turns), out)
	}
}

// keyless demands that the key is in no file of the image.
func (m *images) keyless(root string) {
	m.t.Helper()
	out, err := exec.Command("grep", "-rlF", "--exclude-dir=proc", turnKey, filepath.Join(root, "etc"), filepath.Join(root, "home"), filepath.Join(root, "var"), filepath.Join(root, "root"), filepath.Join(root, "tmp")).Output()
	if len(out) > 0 || err == nil {
		m.t.Errorf("the key is in %s", out)
	}
}

// snippets are the blocks of the guide in one language.
func (m *images) snippets(language string) []string {
	text, err := os.ReadFile("../../../docs/guides/images.md")
	m.must(err)
	var out []string
	for _, block := range block.FindAllStringSubmatch(string(text), -1) {
		if block[1] == language {
			out = append(out, block[2])
		}
	}
	return out
}

// TestImages builds the first image of the guide, whose one user has a Codex home, and
// makes a devcontainer of it.
func TestImages(t *testing.T) {
	m := newImages(t)
	c, root := m.container(m.snippets("yaml")[0], m.snippets("dockerfile")[0])
	for path, mode := range map[string]os.FileMode{"home/dev/.codex": os.ModeDir | 0o700, "home/dev/.codex/config.toml": 0o600} {
		info, err := os.Stat(filepath.Join(root, path))
		m.must(err)
		if info.Mode() != mode || info.Sys().(*syscall.Stat_t).Uid != 1000 {
			t.Errorf("/%s: %v of %d", path, info.Mode(), info.Sys().(*syscall.Stat_t).Uid)
		}
	}
	m.keyless(root)

	m.write(".devcontainer/devcontainer.json", m.snippets("json")[0])
	said := m.do("node", filepath.Join(m.tools, "node_modules/@devcontainers/cli/devcontainer.js"), "read-configuration", "--workspace-folder", m.dir, "--docker-path", "true")
	var read struct {
		Configuration struct {
			Build             struct{ Dockerfile string }
			RemoteUser        string
			RemoteEnv         map[string]string
			PostCreateCommand string
		}
	}
	for line := range strings.Lines(said) {
		if strings.HasPrefix(line, "{") {
			m.must(json.Unmarshal([]byte(line), &read))
		}
	}
	got := read.Configuration
	if got.Build.Dockerfile != "../Dockerfile" || got.RemoteUser != "dev" || got.RemoteEnv["CORP_KEY"] != turnKey || got.PostCreateCommand == "" {
		t.Fatalf("the devcontainer is read as %+v\n%s", got, said)
	}
	after := m.run(c, "env", "CORP_KEY="+turnKey, "sh", "-c", got.PostCreateCommand)
	if lists := m.gateway.Lists(); len(lists) != 1 || lists[0].Header.Get("Authorization") != "Bearer "+turnKey || !strings.Contains(after, "othing to do") {
		t.Errorf("postCreateCommand: %d requests\n%s", len(lists), after)
	}
	m.turn(c, "CORP_KEY="+turnKey)
	m.keyless(root)
}

// TestImagesForEverybody builds the second one, with the machine's own layer: the key
// comes from Vault when Codex runs.
func TestImagesForEverybody(t *testing.T) {
	m := newImages(t)
	v := vaulttest.Start(t)
	v.Do(t, http.MethodPost, "secret/data/codex", map[string]any{"data": map[string]any{"api_key": turnKey}})
	token := v.Policy(t, "codex", `path "secret/data/codex" { capabilities = ["read"] }`, nil)
	c, root := m.container(strings.ReplaceAll(m.snippets("yaml")[1], "https://vault.example:8200", v.Address), m.snippets("dockerfile")[1])
	for path, mode := range map[string]os.FileMode{"etc/codex": os.ModeDir | 0o755, "etc/codex/config.toml": 0o644, "etc/codex/requirements.toml": 0o644} {
		info, err := os.Stat(filepath.Join(root, path))
		m.must(err)
		if info.Mode() != mode || info.Sys().(*syscall.Stat_t).Uid != 0 {
			t.Errorf("/%s: %v of %d", path, info.Mode(), info.Sys().(*syscall.Stat_t).Uid)
		}
	}
	m.turn(c, "VAULT_TOKEN="+token)
	for _, name := range []string{"config.toml", "auth.json", ".codexform"} {
		if exists(filepath.Join(root, "home/dev/.codex", name)) {
			t.Errorf("the user has a %s", name)
		}
	}
	m.keyless(root)
}
