package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

// Whatever stands in the place of the machine's own files, which another program may have
// put there, every command ends in time and tells of the file by its name.
func TestNothingBelowEtcHangs(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	for _, dir := range []string{"/etc/codex", "/var/lib/codexform"} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mount("none", dir, "tmpfs", 0, "mode=755"); err != nil {
			t.Fatal(err)
		}
	}
	at := t.TempDir()
	bin := blockedProgram(t, at)
	for _, name := range []string{"config.toml", "managed_config.toml", "requirements.toml"} {
		for kind := range blocked {
			b := blockable{file: name}
			dir, err := os.MkdirTemp(at, "")
			if err == nil {
				err = b.prepare(dir, bin, "nowhere")
			}
			path := filepath.Join("/etc/codex", name)
			if err == nil {
				err = blocked[kind](path)
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, run := range []string{"plan", blockedApply, "confirm", blockedDoctor, "status", blockedDestroy} {
				start := time.Now()
				out, code := b.run(dir, bin, run, false)
				took := time.Since(start).Round(time.Second)
				missing := kind == "nowhere" || kind == "shut" || kind == "folder" && code == 0 // root may read what is shut
				said := missing || code == 0 || strings.Contains(out, name) || b.unnamed(run)
				if code < 0 || code > 7 || took > 20*time.Second || strings.Contains(out, "goroutine ") || !said {
					t.Errorf("%s in the place of %s, %s: exit %d after %s: %s", kind, path, run, code, took, out)
				}
			}
			if f, ok := held.LoadAndDelete(path); ok {
				f.(*os.File).Close()
			}
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
		}
	}
}
