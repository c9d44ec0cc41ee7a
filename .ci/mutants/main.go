// Command mutants breaks the program in one place at a time and looks whether a test
// notices. It changes no file: the broken one is laid over the other for go test.
//
//	go run ./.ci/mutants [N…]
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

func main() {
	survived := 0
	for i, m := range mutants {
		if len(os.Args) > 1 && !asked(i+1) {
			continue
		}
		killer, err := m.run()
		switch {
		case err != nil:
			fmt.Fprintf(os.Stderr, "%d %s: %v\n", i+1, m.file, err)
			os.Exit(1)
		case killer == "":
			survived++
			killer = "SURVIVES"
		}
		fmt.Printf("| %d | %s | `%s` | %s |\n", i+1, m.what, m.file, killer)
	}
	if survived > 0 {
		fmt.Fprintf(os.Stderr, "%d survive\n", survived)
		os.Exit(1)
	}
}

func asked(n int) bool {
	for _, arg := range os.Args[1:] {
		if arg == strconv.Itoa(n) {
			return true
		}
	}
	return false
}

// run is the first test that fails with the mutant, "" when none does.
func (m mutant) run() (string, error) {
	src, err := os.ReadFile(m.file)
	if err != nil {
		return "", err
	}
	if strings.Count(string(src), m.old) != 1 {
		return "", fmt.Errorf("%q is there %d times", m.old, strings.Count(string(src), m.old))
	}
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	broken, overlay := filepath.Join(dir, "broken.go"), filepath.Join(dir, "overlay.json")
	whole, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	list, _ := json.Marshal(map[string]map[string]string{"Replace": {whole: broken}})
	if err := os.WriteFile(broken, []byte(strings.Replace(string(src), m.old, m.new, 1)), 0o600); err != nil {
		return "", err
	}
	if err := os.WriteFile(overlay, list, 0o600); err != nil {
		return "", err
	}
	for _, test := range m.tests {
		args := append([]string{"test", "-overlay", overlay, "-count=1", "-short", "-failfast", "-vet=off"}, strings.Fields(test)...)
		out, err := exec.Command("go", args...).CombinedOutput()
		if strings.Contains(string(out), "[build failed]") {
			return "", fmt.Errorf("does not build:\n%s", out)
		}
		if err != nil {
			return failed(string(out)), nil
		}
	}
	return "", nil
}

func failed(out string) string {
	for line := range strings.Lines(out) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "--- FAIL: "); ok {
			name, _, _ = strings.Cut(name, " ")
			return "`" + name + "`"
		}
	}
	return "a panic"
}
