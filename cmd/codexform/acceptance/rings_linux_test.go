package acceptance

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// ringNodes are six machines, by ring: two go first.
var ringNodes = []struct{ name, ring string }{
	{"n1", "it"},
	{"n2", "it"},
	{"n3", "all"},
	{"n4", "all"},
	{"n5", "all"},
	{"n6", "all"},
}

// appliedBelow counts the homes that have the good policy.
func appliedBelow(home func(node string) string) int {
	n := 0
	for _, node := range ringNodes {
		config, _ := os.ReadFile(filepath.Join(home(node.name), "config.toml"))
		auth, _ := os.ReadFile(filepath.Join(home(node.name), "auth.json"))
		if bytes.Contains(config, []byte(`model = "gpt-5.4"`)) && bytes.Contains(auth, []byte(turnKey)) {
			n++
		}
	}
	return n
}

// bytesBelow are both files of every home.
func bytesBelow(home func(node string) string) string {
	var b strings.Builder
	for _, node := range ringNodes {
		for _, name := range []string{"config.toml", "auth.json"} {
			data, err := os.ReadFile(filepath.Join(home(node.name), name))
			fmt.Fprintf(&b, "%s %s %v\n%s\n", node.name, name, err, data)
		}
	}
	return b.String()
}
