package acceptance

import (
	"encoding/json"
	"io"
	"log"
	"math"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/codexform/codexform/plan/status"
	"github.com/codexform/codexform/sources/vaulttest"
)

// meter is a server that counts: each request with its time and whether it was refused
// for coming too often.
type meter struct {
	url  string
	mu   sync.Mutex
	at   []time.Time
	no   int
	rate float64 // 0: no limit of its own
	left float64
	last time.Time
}

func newMeter(t *testing.T, next http.Handler) *meter {
	m := &meter{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !m.admits() {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
			m.refused()
			return
		}
		watched := &watchedWriter{ResponseWriter: w}
		next.ServeHTTP(watched, r)
		if watched.code == http.StatusTooManyRequests {
			m.refused()
		}
	}))
	t.Cleanup(server.Close)
	m.url = server.URL
	return m
}

// admits notes a request, and takes it out of the bucket where there is one.
func (m *meter) admits() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	m.at = append(m.at, now)
	if m.rate == 0 {
		return true
	}
	m.left = min(m.rate, m.left+now.Sub(m.last).Seconds()*m.rate)
	m.last = now
	if m.left < 1 {
		return false
	}
	m.left--
	return true
}

func (m *meter) refused() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.no++
}

func (m *meter) limit(rate int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rate, m.left, m.last = float64(rate), float64(rate), time.Now()
}

func (m *meter) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at, m.no = nil, 0
}

type watchedWriter struct {
	http.ResponseWriter
	code int
}

func (w *watchedWriter) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

// measure counts what both were asked, by the second.
func (s *scene) measure(h *herd, start time.Time) {
	for i, m := range []*meter{h.vault, h.gate} {
		m.mu.Lock()
		for _, at := range m.at {
			second := int(math.Max(0, at.Sub(start).Seconds()))
			for len(s.perSecond[i]) <= second {
				s.perSecond[i] = append(s.perSecond[i], 0)
			}
			s.perSecond[i][second]++
			s.peak = max(s.peak, s.perSecond[i][second])
		}
		s.refused += m.no
		if i == 0 {
			s.vault = len(m.at)
		} else {
			s.gateway = len(m.at)
		}
		m.mu.Unlock()
	}
}

// herdVault is a real Vault in which a role gives short-lived tokens that nobody has to
// give back.
type herdVault struct {
	*vaulttest.Server
	meter *meter
	role  string
}

func newHerdVault(t *testing.T) *herdVault {
	v := &herdVault{Server: vaulttest.Start(t)}
	v.Do(t, http.MethodPost, "sys/auth/approle", obj{"type": "approle"})
	v.Do(t, http.MethodPut, "sys/policies/acl/codex", obj{"policy": `path "secret/data/codex" { capabilities = ["read"] }`})
	v.Do(t, http.MethodPost, "auth/approle/role/codex", obj{"token_policies": "codex", "token_type": "batch", "token_ttl": "10m"})
	answer := v.Do(t, http.MethodGet, "auth/approle/role/codex/role-id", nil)
	v.role = answer["data"].(obj)["role_id"].(string)
	where, err := url.Parse(v.Address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(where)
	proxy.ErrorLog = log.New(io.Discard, "", 0)
	proxy.Transport = &http.Transport{MaxConnsPerHost: 64, MaxIdleConnsPerHost: 64}
	v.meter = newMeter(t, proxy)
	return v
}

// secret is the file of a secret id.
func (v *herdVault) secret(t *testing.T, root string) string {
	path := filepath.Join(root, "secret-id")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	answer := v.Do(t, http.MethodPost, "auth/approle/role/codex/secret-id", obj{})
	if err := os.WriteFile(path, []byte(answer["data"].(obj)["secret_id"].(string)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (v *herdVault) put(t *testing.T, key string) {
	v.Do(t, http.MethodPost, "secret/data/codex", obj{"data": obj{"api_key": key}})
}

// quota is what Vault allows one address in a second, for all that it is asked; 0 lifts it.
func (v *herdVault) quota(t *testing.T, rate int) {
	if rate == 0 {
		v.Do(t, http.MethodDelete, "sys/quotas/rate-limit/herd", nil)
		return
	}
	v.Do(t, http.MethodPut, "sys/quotas/config", obj{"enable_rate_limit_response_headers": true})
	v.Do(t, http.MethodPost, "sys/quotas/rate-limit/herd", obj{"rate": rate, "interval": "1s"})
}

func (v *herdVault) unseal(t *testing.T) {
	v.Do(t, http.MethodPut, "sys/unseal", obj{"key": v.UnsealKey})
	for range 100 {
		if code, _ := v.Ask(t, v.RootToken, http.MethodGet, "sys/health", nil, nil); code == http.StatusOK {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("Vault stays sealed")
}

func wordOf(data []byte) string {
	var s status.Status
	if err := json.Unmarshal(data, &s); err != nil {
		return "torn: " + err.Error()
	}
	return s.Word()
}

// herdSize is how many machines there are: a few, or as HERD says.
func herdSize(t *testing.T) int {
	text := os.Getenv("HERD")
	if text == "" {
		return 60
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1000 {
		t.Fatalf("HERD=%s: it is a number of machines, 1000 at least", text)
	}
	return n
}
