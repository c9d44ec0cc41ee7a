// Command check is the least that a check of a policy can do: it reads the policy and
// both files of $HOME/.codex, parses them, and compares a few keys.
package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/pelletier/go-toml/v2"
	"gopkg.in/yaml.v3"
)

func main() {
	var policy, config, auth map[string]any
	home := filepath.Join(os.Getenv("HOME"), ".codex")
	read(os.Args[1], yaml.Unmarshal, &policy)
	read(filepath.Join(home, "config.toml"), toml.Unmarshal, &config)
	read(filepath.Join(home, "auth.json"), json.Unmarshal, &auth)
	for _, key := range []string{"model", "review_model"} {
		if want, ok := policy[key]; ok && config[key] != want {
			os.Stdout.WriteString("~ " + key + "\n")
			defer os.Exit(2)
		}
	}
}

func read(name string, decode func([]byte, any) error, into any) {
	data, err := os.ReadFile(name)
	if err == nil {
		err = decode(data, into)
	}
	if err != nil {
		panic(err)
	}
}
