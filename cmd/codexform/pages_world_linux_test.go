package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/codexform/codexform/.ci/pictures/drawing"
)

// pageHost is the gateway of the pages. It is reached through a proxy, as from inside a
// company, and lists its models for the keys in the world's file "keys", a line each.
const pageHost = "gateway.example"

// pageKey is the first of the keys.
const pageKey = "sk-page-1f0b7d5a93c24e68"

// pageWorld is where the commands of a page are run: a home, a folder to work in, and a
// gateway.
type pageWorld struct {
	t         *testing.T
	page, dir string
	env       []string
}

func newPageWorld(t *testing.T, page, program string) *pageWorld {
	w := &pageWorld{t: t, page: page, dir: t.TempDir()}
	for _, name := range []string{"home/work", "bin"} {
		w.must(os.MkdirAll(filepath.Join(w.dir, name), 0o700))
	}
	w.must(os.Symlink(program, filepath.Join(w.dir, "bin", "codexform")))
	name := strings.TrimSuffix(filepath.Base(page), ".md")
	for _, file := range []string{"default", name} {
		w.furnish(filepath.Join("testdata", "pages", file+".txtar"))
	}
	w.env = []string{
		"HOME=" + filepath.Join(w.dir, "home"), "PATH=" + filepath.Join(w.dir, "bin") + ":" + os.Getenv("PATH") + ":" + peers(t), "TERM=xterm", "NO_COLOR=1", "LC_ALL=C.UTF-8",
		"TMPDIR=" + filepath.Join(w.dir, "bin"), "WORLD=" + w.dir, "GATEWAY_KEY=" + pageKey, "REPO=" + absolute(t, filepath.Join("..", "..")),
	}
	w.gateway()
	return w
}

func (w *pageWorld) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *pageWorld) furnish(archive string) {
	data, err := os.ReadFile(archive)
	if os.IsNotExist(err) {
		return
	}
	w.must(err)
	for _, f := range txtar.Parse(data).Files {
		path := filepath.Join(w.dir, f.Name)
		w.must(os.MkdirAll(filepath.Dir(path), 0o700))
		mode := os.FileMode(0o600)
		if strings.HasPrefix(f.Name, "bin/") {
			mode = 0o700
		}
		w.must(os.WriteFile(path, f.Data, mode))
	}
}

// play runs the passages and holds what a console shows against what was printed.
func (w *pageWorld) play(run []passage) {
	w.must(os.WriteFile(filepath.Join(w.dir, "page.sh"), []byte(script(run)), 0o600))
	n := 0
	for _, p := range run {
		if p.kind == "yaml" {
			n++
			w.must(os.WriteFile(filepath.Join(w.dir, fmt.Sprintf("policy-%d.yaml", n)), []byte(p.text), 0o600))
		}
	}
	cmd := exec.Command("bash", filepath.Join(w.dir, "page.sh"))
	cmd.Dir, cmd.Env = filepath.Join(w.dir, "home", "work"), w.env
	asked := 0
	printed, err := drawing.Record(100, cmd, func(screen string) string {
		if n := strings.Count(screen, "applies them: "); n > asked {
			asked = n
			return "yes\n"
		}
		return ""
	})
	pieces := strings.Split(printed, "\x01")
	if err != nil || !strings.Contains(printed, "\x01end all 0\x01") {
		at, last := "", ""
		for i := 1; i+1 < len(pieces); i += 2 {
			if strings.HasPrefix(pieces[i], "end") {
				break
			}
			at, last = pieces[i], pieces[i+1]
		}
		w.t.Fatalf("%s: a command of the passage at line %s ended otherwise than it says (%v):\n%s", w.page, at, err, last)
	}
	said := map[string]string{}
	for i := 1; i+1 < len(pieces); i += 2 {
		said[pieces[i]] = pieces[i+1]
	}
	for _, p := range run {
		if p.kind == "console" {
			w.compare(p, said)
		}
	}
}

var (
	sentence = regexp.MustCompile(`Confirmed: [^)]*\)\.`)
	lively   = regexp.MustCompile("\r\x1b\\[2K[^\r\n]*?…|\r\x1b\\[2K")
	unsteady = regexp.MustCompile(`\b\d+(\.\d+)?m?s\b|\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?Z?`)
)

// compare holds a console's text against what its commands printed. A line of … stands
// for as many as there are. With -update the page gets what was printed.
func (w *pageWorld) compare(p passage, said map[string]string) {
	parts := regexp.MustCompile(`(?m)^\$ .*\n`).FindAllStringIndex(p.text, -1)
	now := ""
	for j, at := range parts {
		end := len(p.text)
		if j+1 < len(parts) {
			end = parts[j+1][0]
		}
		want, got := p.text[at[1]:end], w.steady(said[fmt.Sprintf("%d.%d", p.line, j)])
		if now += p.text[at[0]:at[1]]; shows(want, got) {
			now += want
			continue
		}
		now += got
		if !*update {
			w.t.Errorf("%s:%d: the page shows\n%s\nand the program prints\n%s", w.page, p.line, want, got)
		}
	}
	if *update && now != p.text {
		w.must(os.WriteFile(w.page, []byte(strings.Replace(readFile(w.t, w.page), p.text, now, 1)), 0o644))
	}
}

// steady is what was printed, as a page shows it.
func (w *pageWorld) steady(printed string) string {
	printed = lively.ReplaceAllString(strings.ReplaceAll(printed, "\r\n", "\n"), "")
	return strings.ReplaceAll(strings.ReplaceAll(printed, filepath.Join(w.dir, "home"), "~"), w.dir, "")
}

// shows says whether a page shows what was printed, but for times.
func shows(want, got string) bool {
	pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(timeless(want)), "…\n", "(?s:.*)") + "$"
	return regexp.MustCompile(pattern).MatchString(timeless(got))
}

// timeless is a text without its times, and without what their length does to a sentence.
func timeless(text string) string {
	text = unsteady.ReplaceAllString(text, "TIME")
	return sentence.ReplaceAllStringFunc(text, func(s string) string { return strings.Join(strings.Fields(s), " ") })
}

// gateway starts the gateway and the proxy that leads to it.
func (w *pageWorld) gateway() {
	certificate, authority := w.certificate()
	inner, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	w.must(err)
	go http.Serve(inner, http.HandlerFunc(w.models))
	outer, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	go http.Serve(outer, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { tunnel(rw, r, inner.Addr().String()) }))
	w.t.Cleanup(func() { inner.Close(); outer.Close() })
	file := filepath.Join(w.dir, "authority.pem")
	w.must(os.WriteFile(file, authority, 0o600))
	w.env = append(w.env, "HTTPS_PROXY=http://"+outer.Addr().String(), "SSL_CERT_FILE="+file)
}

// models is GET /v1/models, and nothing else.
func (w *pageWorld) models(rw http.ResponseWriter, r *http.Request) {
	keys, _ := os.ReadFile(filepath.Join(w.dir, "keys"))
	key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	rw.Header().Set("Content-Type", "application/json")
	switch {
	case r.URL.Path != "/v1/models":
		http.Error(rw, `{"error":{"message":"no such path"}}`, http.StatusNotFound)
	case key == "" || !strings.Contains("\n"+string(keys), "\n"+key+"\n"):
		http.Error(rw, `{"error":{"message":"no such key"}}`, http.StatusUnauthorized)
	default:
		io.WriteString(rw, `{"data":[{"id":"gpt-5.4"},{"id":"gpt-5.4-mini"}]}`)
	}
}

// tunnel answers CONNECT for the gateway of the pages, and for no other host.
func tunnel(rw http.ResponseWriter, r *http.Request, to string) {
	if r.Method != http.MethodConnect || r.Host != pageHost+":443" {
		http.Error(rw, "no such host", http.StatusBadGateway)
		return
	}
	there, err := net.Dial("tcp", to)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadGateway)
		return
	}
	here, _, err := rw.(http.Hijacker).Hijack()
	if err != nil {
		there.Close()
		return
	}
	io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { io.Copy(there, here); there.Close() }()
	go func() { io.Copy(here, there); here.Close() }()
}

func (w *pageWorld) certificate() (tls.Certificate, []byte) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	w.must(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{pageHost}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	w.must(err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
