package codex

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// No Codex is let start with a file that it would read without end: 30 seconds later, or
// with the machine's memory gone, nobody would know more.
func TestNoCodexStartsWithAnEndlessFile(t *testing.T) {
	home := t.TempDir()
	at := func(name string) string { return filepath.Join(home, name) }
	for _, err := range []error{
		syscall.Mkfifo(at("fifo"), 0o600), os.Symlink("/dev/zero", at("zero")), os.WriteFile(at("huge"), nil, 0o600), os.Truncate(at("huge"), 1<<40),
		os.WriteFile(at("plain"), []byte("{}"), 0o600), os.WriteFile(at("program"), []byte("#!/bin/sh\ntouch \"$0\".started\nsleep 60\n"), 0o700),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for line, endless := range map[string]bool{
		`model_catalog_json = "HOME/fifo"`: true, `model_catalog_json = "HOME/zero"`: true, `model_catalog_json = "HOME/huge"`: true,
		`model_catalog_json = "fifo"`: true, "[agents.a]\nconfig_file = \"HOME/zero\"": true, `model_instructions_file = "HOME/huge"`: true,
		"[[skills.config]]\npath = \"HOME/fifo\"": true, `experimental_compact_prompt_file = "./zero"`: true,
		`model_catalog_json = "HOME/plain"`: false, `model_catalog_json = "HOME/none"`: false, `model_instructions_file = "/dev/null"`: false,
		"[mcp_servers.a]\ncommand = \"HOME/huge\"\nargs = [\"HOME/fifo\"]": false, `notify = ["HOME/fifo"]`: false, "[mcp_servers.a]\ncommand = \"x\"\nenv = { P = \"HOME/fifo\" }": false,
	} {
		config := strings.ReplaceAll(line, "HOME", home)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		err := Binary{Path: at("program"), Home: home}.Loads(ctx, []byte(config))
		cancel()
		_, missing := os.Stat(at("program.started"))
		os.Remove(at("program.started"))
		if (missing != nil) != endless || endless && !errors.Is(err, ErrUnchecked) {
			t.Errorf("%s: started %v: %v", config, missing == nil, err)
		}
	}
}
