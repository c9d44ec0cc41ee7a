package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// request is one call of Codex's app server.
type request struct {
	ID     int    `json:"id"`
	Method string `json:"method"`
	Params any    `json:"params"`
}

type object map[string]any

// converse makes calls of a Codex's app server, and ends with it. Codex's input stays
// open until all are answered: when it closes earlier, Codex ends without a word.
func converse(bin string, requests []request) error {
	cmd := exec.Command(bin, "app-server")
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	late := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer late.Stop()
	answers := bufio.NewScanner(out)
	answers.Buffer(nil, 16<<20)
	for _, r := range requests {
		if err := json.NewEncoder(in).Encode(r); err != nil {
			return err
		}
		if err := answer(answers, r); err != nil {
			return err
		}
	}
	in.Close()
	io.Copy(io.Discard, out)
	return cmd.Wait()
}

// answer waits for that of a request.
func answer(lines *bufio.Scanner, r request) error {
	for lines.Scan() {
		var got struct {
			ID    *int
			Error json.RawMessage
		}
		if json.Unmarshal(lines.Bytes(), &got) != nil || got.ID == nil || *got.ID != r.ID {
			continue
		}
		if len(got.Error) > 0 {
			return fmt.Errorf("%s: %s", r.Method, got.Error)
		}
		return nil
	}
	return fmt.Errorf("%s: no answer", r.Method)
}

// runCodex is a process of its own, so that all that Codex takes is that of one.
func runCodex(args []string) int {
	var requests []request
	err := json.Unmarshal([]byte(args[1]), &requests)
	if err == nil {
		err = converse(args[0], requests)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "codex:", err)
		return 1
	}
	return 0
}

// codex reads its configuration, and changes both files, by its own calls.
func (b *bench) codex(bin, home string) ([]program, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	calls := func(more ...request) []string {
		all := []request{{0, "initialize", object{"clientInfo": object{"name": "bench", "title": "bench", "version": "1"}}}}
		for i, r := range more {
			r.ID = i + 1
			all = append(all, r)
		}
		text, _ := json.Marshal(all)
		return []string{self, "codex", bin, string(text)}
	}
	change := func(model, key string) []string {
		edit := object{"keyPath": "model", "value": model, "mergeStrategy": "replace"}
		return calls(
			request{Method: "config/batchWrite", Params: object{"edits": []object{edit}}},
			request{Method: "account/login/start", Params: object{"type": "apiKey", "apiKey": key}},
		)
	}
	read := calls(request{Method: "config/read", Params: object{"includeLayers": false}})
	all := []program{
		peer("Codex, config/read", checks, home, read),
		peer("Codex, config/batchWrite and a login", applies, home, change("gpt-5", "sk-other"), change("gpt-5.4", key)),
	}
	for i := range all {
		all[i].few = true
		all[i].env = append(all[i].env, "CODEX_HOME="+filepath.Join(home, ".codex"))
	}
	return all, nil
}
