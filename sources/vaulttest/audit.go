package vaulttest

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// Audit is what a server was asked, as its audit device has it.
type Audit struct {
	path string
	skip int // requests that were taken already
}

// Audit turns on the audit device of a server.
func (s *Server) Audit(tb testing.TB) *Audit {
	tb.Helper()
	a := &Audit{path: filepath.Join(tb.TempDir(), "audit.log")}
	s.Do(tb, http.MethodPut, "sys/audit/file", map[string]any{"type": "file", "options": map[string]any{"file_path": a.path}})
	a.Take(tb)
	return a
}

// Take gives the requests since it was called last, each as "operation path".
func (a *Audit) Take(tb testing.TB) []string {
	tb.Helper()
	f, err := os.Open(a.path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var all []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var entry struct {
			Type    string
			Request struct{ Operation, Path string }
		}
		if err := json.Unmarshal(lines.Bytes(), &entry); err != nil {
			tb.Fatal(err)
		}
		if entry.Type == "request" {
			all = append(all, entry.Request.Operation+" "+entry.Request.Path)
		}
	}
	seen := a.skip
	a.skip = len(all)
	if len(all) == seen {
		return nil
	}
	return all[seen:]
}
