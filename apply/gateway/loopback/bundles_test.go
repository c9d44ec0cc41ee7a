package loopback_test

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/apply/gateway/loopback"
	"github.com/codexform/codexform/plan"
)

// bundles are files with certificates, made of that of a private authority, and
// whether Codex connects with them.
var bundles = []struct {
	name  string
	make  func(ca string) string // nil: there is no such file
	wants bool
}{
	{"as it is", func(ca string) string { return ca }, true},
	{"no file", nil, false},
	{"empty", func(string) string { return "" }, false},
	{"old line ends", func(ca string) string { return strings.ReplaceAll(ca, "\n", "\r") }, true},
	{"a block inside another", func(ca string) string { return "-----BEGIN WHATEVER-----\n" + ca }, true},
	{"a block inside another with its text", func(ca string) string { return "-----BEGIN WHATEVER-----\nAAAA\n" + ca }, false},
	{"too many dashes", func(ca string) string { return "-----BEGIN WHATEVER------\n" + ca }, false},
	{"no block", func(string) string { return "nothing here\n" }, false},
	{"text around", func(ca string) string { return "subject: us\n\n" + ca + "\n# the end" }, true},
	{"CRLF", func(ca string) string { return strings.ReplaceAll(ca, "\n", "\r\n") }, true},
	{"twice", func(ca string) string { return ca + ca }, true},
	{"a trusted certificate", func(ca string) string { return trusted(ca, nil) }, true},
	{"a trusted certificate with its uses", func(ca string) string { return trusted(ca, serverUse) }, true},
	{"an X509 certificate", func(ca string) string { return strings.ReplaceAll(ca, " CERTIFICATE", " X509 CERTIFICATE") }, true},
	{"no base64 behind it", func(ca string) string { return ca + block("CERTIFICATE", "!!!!") }, false},
	{"no base64 before it", func(ca string) string { return block("CERTIFICATE", "!!!!") + ca }, false},
	{"base64 without its end", func(ca string) string { return ca + block("X509 CRL", "AAA") }, true},
	{"a header in a block", func(ca string) string { return strings.Replace(ca, "-----\n", "-----\nProc-Type: 4,CLEAR\n\n", 1) }, false},
	{"no certificate in a block", func(ca string) string { return ca + block("CERTIFICATE", "AAAA") }, false},
	{"an empty block", func(ca string) string { return ca + block("CERTIFICATE", "") }, false},
	{"a block that is not closed", func(ca string) string { return ca + "-----BEGIN CERTIFICATE-----\nAAAA\n" }, false},
	{"a block of another kind that is not closed", func(ca string) string { return ca + "-----BEGIN WHATEVER-----\nAAAA\n" }, false},
	{"a first line without its end", func(ca string) string { return ca + "-----BEGIN CERTIFICATE\n" }, true},
	{"a first line without its end before it", func(ca string) string { return "-----BEGIN CERTIFICATE\n" + ca }, true},
	{"a first line that ends early", func(ca string) string { return "-----BEGIN CERTIFICATE---\n" + ca }, true},
	{"a list of what was revoked", func(ca string) string { return ca + block("X509 CRL", "AAAA") }, true},
	{"a broken list of what was revoked", func(ca string) string { return ca + block("X509 CRL", "!!!!") }, false},
	{"a key beside it", func(ca string) string { return ca + block("PRIVATE KEY", "AAAA") }, true},
	{"a broken key beside it", func(ca string) string { return ca + block("PRIVATE KEY", "!!!!") }, false},
	{"a broken RSA key beside it", func(ca string) string { return ca + block("RSA PRIVATE KEY", "!!!!") }, false},
	{"a broken EC key beside it", func(ca string) string { return ca + block("EC PRIVATE KEY", "!!!!") }, false},
	{"a broken public key beside it", func(ca string) string { return ca + block("PUBLIC KEY", "!!!!") }, false},
	{"a broken request beside it", func(ca string) string { return ca + block("CERTIFICATE REQUEST", "!!!!") }, false},
	{"a block of another kind", func(ca string) string { return ca + block("WHATEVER", "AAAA") }, true},
	{"a broken block of another kind", func(ca string) string { return ca + block("DH PARAMETERS", "!!!!") }, true},
	{"a key alone", func(string) string { return block("PRIVATE KEY", "AAAA") }, false},
	{"indented", func(ca string) string { return "  " + strings.ReplaceAll(ca, "\n", "\n  ") }, false},
	{"indented inside", func(ca string) string { return strings.ReplaceAll(ca, "\nM", "\n M") }, true},
	{"a byte order mark", func(ca string) string { return "\ufeff" + ca }, true},
	{"something behind a certificate", func(ca string) string { return strings.ReplaceAll(trusted(ca, []byte{5, 0}), "TRUSTED ", "") }, true},
	{"no padding", func(ca string) string { return unpadded(ca, 0) }, true},
	{"no padding, one more", func(ca string) string { return unpadded(ca, 1) }, true},
	{"no padding, two more", func(ca string) string { return unpadded(ca, 2) }, true},
	{"too much padding", func(ca string) string { return ca + block("X509 CRL", "AAAA====") }, false},
	{"padding inside", func(ca string) string { return ca + block("X509 CRL", "AA==AAAA") }, false},
	{"one character too many", func(ca string) string { return ca + block("X509 CRL", "AAAAA") }, false},
	{"base64 for URLs", func(ca string) string { return ca + block("X509 CRL", "__--") }, false},
	{"blanks inside a line", func(ca string) string { return ca + block("X509 CRL", "AA AA") }, true},
}

// serverUse says in a trusted certificate that it is for servers.
var serverUse = []byte{0x30, 0x0c, 0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01}

func trusted(ca string, uses []byte) string {
	b, _ := pem.Decode([]byte(ca))
	return block("TRUSTED CERTIFICATE", base64.StdEncoding.EncodeToString(append(b.Bytes, uses...)))
}

// unpadded is a trusted certificate with a few bytes behind it, in base64 without "=".
func unpadded(ca string, more int) string {
	return strings.ReplaceAll(trusted(ca, make([]byte, more)), "=", "")
}

func block(kind, text string) string {
	return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n"
}

// What Codex thinks of a file with certificates, the client thinks too.
func TestBundles(t *testing.T) {
	binary := codexBinary(t)
	for _, tc := range bundles {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := serving("gpt-5.4")
			c.Reply, c.TLS = "hello", true
			judged(t, binary, c, tc.make, tc.wants)
		})
	}
	// Where no TLS is spoken, no file keeps Codex from connecting.
	t.Run("http, no file", func(t *testing.T) { judged(t, binary, serving("gpt-5.4"), nil, true) })
	t.Run("http, a broken one", func(t *testing.T) {
		judged(t, binary, serving("gpt-5.4"), func(string) string { return block("CERTIFICATE", "!!!!") }, true)
	})
}

// judged lets the client and Codex connect with a file of certificates.
func judged(t *testing.T, binary string, c loopback.Config, bundle func(ca string) string, want bool) {
	t.Helper()
	c.Reply = "hello"
	g := start(t, c)
	home := codexHome(t, g.URL())
	path := filepath.Join(home, "ca.pem")
	if bundle != nil {
		write(t, path, bundle(string(g.CA())))
	}
	client := gateway.Client{Getenv: func(name string) (string, bool) {
		return map[string]string{"SSL_CERT_FILE": path}[name], name == "SSL_CERT_FILE"
	}}
	answer := client.List(t.Context(), gateway.Request{BaseURL: g.URL(), Key: plan.NewSecret([]byte(canary)), Models: []string{"gpt-5.4"}, Attempts: 1})
	if answer.OK() != want {
		t.Errorf("the client says %s: %s", answer.Class, answer.Detail)
	}
	if got := reaches(t, binary, home, g, "SSL_CERT_FILE="+path); got != want {
		t.Errorf("Codex connects: %v, want %v", got, want)
	}
}

// reaches reports whether Codex gets a turn through. Without trust it tries for ever.
func reaches(t *testing.T, binary, home string, g *loopback.Gateway, env ...string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, "exec", "--skip-git-repo-check", "say hi")
	cmd.WaitDelay = time.Second
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "CODEX_HOME=" + home}, env...)
	out := &lines{found: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-out.found:
		cancel()
		<-done
	}
	return turns(g) > 0
}
