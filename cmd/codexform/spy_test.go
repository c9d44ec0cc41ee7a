package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// spy is a user who reads whatever of the machine's processes a user may read: arguments,
// environment, open files, and the whole memory, for which the kernel wants the right to
// trace. It says which of the texts in SPY it has seen, and how often it tried to get into the
// memory of a process that works for a user.
func spy() {
	wanted := strings.Fields(os.Getenv("SPY"))
	seen, tried := map[string]bool{}, 0
	done := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); close(done) }()
	for over := false; !over; {
		select {
		case <-done:
			over = true
		default:
		}
		all, _ := filepath.Glob("/proc/[0-9]*")
		for _, dir := range all {
			line, _ := os.ReadFile(dir + "/cmdline")
			if dir == fmt.Sprintf("/proc/%d", os.Getpid()) || !bytes.Contains(line, []byte("codexform")) {
				continue
			}
			var found []byte
			for _, name := range []string{"cmdline", "environ"} {
				data, _ := os.ReadFile(dir + "/" + name)
				found = append(found, data...)
			}
			opened, _ := filepath.Glob(dir + "/fd/*")
			for _, fd := range opened {
				if info, err := os.Stat(fd); err == nil && info.Mode().IsRegular() && info.Size() < 1<<20 {
					data, _ := os.ReadFile(fd)
					found = append(found, data...)
				}
			}
			if bytes.Contains(line, []byte("run-for-user")) {
				tried++
			}
			found = append(found, memoryOf(dir)...)
			for _, text := range wanted {
				seen[text] = seen[text] || bytes.Contains(found, []byte(text))
			}
		}
		time.Sleep(2 * time.Millisecond) // a run for a user may last thirty
	}
	fmt.Println("tried", tried)
	for text, yes := range seen {
		if yes {
			fmt.Println("saw", text)
		}
	}
}

// memoryOf is what a process has written into its memory, for whoever may trace it.
func memoryOf(dir string) []byte {
	mem, err := os.Open(dir + "/mem")
	if err != nil {
		return nil
	}
	defer mem.Close()
	maps, err := os.ReadFile(dir + "/maps")
	if err != nil {
		return nil
	}
	var out []byte
	for line := range strings.Lines(string(maps)) {
		var from, to int64
		var rights string
		if n, _ := fmt.Sscanf(line, "%x-%x %s", &from, &to, &rights); n != 3 || !strings.HasPrefix(rights, "rw") || to-from > 64<<20 {
			continue
		}
		part := make([]byte, to-from)
		if n, err := mem.ReadAt(part, from); err == nil {
			out = append(out, bytes.TrimRight(part[:n], "\x00")...)
		}
	}
	return out
}
