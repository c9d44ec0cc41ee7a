package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is this test's own binary under the program's name, which makes it the program.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "codexform")
	if err := os.Symlink(self, link); err != nil {
		t.Fatal(err)
	}
	return link
}

// blocked are the ways in which a file can have no end, no beginning, or neither.
var blocked = map[string]func(path string) error{
	"fifo":    func(path string) error { return syscall.Mkfifo(path, 0o600) },
	"held":    heldFIFO,
	"full":    fullFIFO,
	"zero":    func(path string) error { return os.Symlink("/dev/zero", path) },
	"tty":     func(path string) error { return os.Symlink("/dev/tty", path) },
	"huge":    hugeFile,
	"socket":  func(path string) error { return syscall.Mknod(path, syscall.S_IFSOCK|0o600, 0) },
	"loop":    func(path string) error { return os.Symlink(filepath.Base(path), path) },
	"shut":    func(path string) error { return os.WriteFile(path, nil, 0) },
	"folder":  func(path string) error { return os.Mkdir(path, 0o700) },
	"nowhere": func(path string) error { return os.Symlink("no/such/file", path) },
}

// held keeps the writing ends of FIFOs open, and says nothing into them.
var held sync.Map

func heldFIFO(path string) error {
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	held.Store(path, f)
	return err
}

// fullFIFO is held too, by somebody who reads nothing of what is in it.
func fullFIFO(path string) error {
	if err := heldFIFO(path); err != nil {
		return err
	}
	f, err := syscall.Open(path, syscall.O_WRONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(f)
	for text := bytes.Repeat([]byte("a=b "), 1024); err == nil; {
		_, err = syscall.Write(f, text)
	}
	if err == syscall.EAGAIN {
		return nil
	}
	return err
}

func hugeFile(path string) error {
	return errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, 1<<40))
}

const blockedPolicy = `version: 1
model: m
provider: {base_url: "https://127.0.0.1:1/v1"}
secret: SECRET
confirm: {attempts: 1}
`

// blockable is a file that commands read or write.
type blockable struct {
	file   string // below the folder of the test
	secret string // of the policy, when it is not the variable KEY
	env    string // one more variable; @ is the folder of the test
	exits  string // one digit for each command
	runs   []string
}

const (
	blockedApply    = "apply --auto-approve --codex=off --no-confirm"
	blockedDestroy  = "destroy --auto-approve --codex=off"
	blockedRollback = "rollback --auto-approve --codex=off"
	blockedDoctor   = "doctor --codex=off"
	blockedVault    = "{vault: {address: 'https://127.0.0.1:1', path: a, "
)

// wholeHome are the commands that look at a whole home.
var wholeHome = []string{
	"plan", blockedApply, "confirm", blockedDoctor, "status", "status --record", "init -o -", "history", blockedDestroy, blockedRollback,
}

var blockables = []blockable{
	{"home/config.toml", "", "", "1112111011", wholeHome},
	{"home/auth.json", "", "", "1112111011", wholeHome},
	{"home/.codexform", "", "", "1112111111", wholeHome},
	{"home/.codexform/ledger.json", "", "", "1112111011", wholeHome},
	{"home/.codexform/history.jsonl", "", "", "0052000101", wholeHome},
	{"home/.codexform/history.jsonl", "", "", "1", []string{"history show 1"}},
	{"home/.codexform/intent", "", "", "0152000011", wholeHome},
	{"home/.codexform/status.json", "", "", "0052000000", wholeHome},
	{"home/.codexform/.gitignore", "", "", "0052000000", wholeHome},
	{"home/.codexform/lock", "", "", "052000", []string{"plan", "confirm", blockedDoctor, "status", "status --record", "history"}},
	{"home/p.config.toml", "", "", "0052000000", wholeHome},
	{"home/.env", "", "", "0052000000", wholeHome},
	{"home/auth.lock", "", "", "00", []string{"plan", blockedApply}},
	{"home/auth.json.lock", "", "", "00", []string{"plan", blockedApply}},
	{"home/sessions", "", "", "002", []string{"plan", blockedApply, blockedDoctor}},
	{"home/sessions/2026", "", "", "02", []string{"plan", blockedDoctor}},
	{"home/sessions/one.jsonl", "", "", "002", []string{"plan", blockedApply, blockedDoctor}},
	{"home/archived_sessions", "", "", "0", []string{"plan"}},
	{"home/AGENTS.md", "", "", "02", []string{"plan", blockedDoctor}},
	{"home/models.json", "", "", "0052000000", wholeHome},
	{"home/rules.md", "", "", "0052000000", wholeHome},
	{"home/agent.toml", "", "", "02", []string{"plan", blockedDoctor}},
	{"key", "{file: key}", "", "444", []string{"plan --detailed-exitcode", "token", blockedApply}},
	{"key", "{file: {path: key, format: json, field: a}}", "", "4", []string{"plan"}},
	{"cred/key", "{credential: key}", "CREDENTIALS_DIRECTORY=@/cred", "44", []string{"plan", "token"}},
	{"prog", "{command: [./prog]}", "", "44", []string{"plan", "token"}},
	{"ca", blockedVault + "ca_cert: ca, auth: {token: {env: KEY}}}}", "", "44", []string{"plan", "token"}},
	{"ca", blockedVault + "client_cert: ca, client_key: ca, auth: {token: {env: KEY}}}}", "", "4", []string{"plan"}},
	{"tok", blockedVault + "auth: {token: {file: tok}}}}", "", "44", []string{"plan", "token"}},
	{"tok", blockedVault + "auth: {method: approle, role_id: r, secret_id: {file: tok}}}}", "", "4", []string{"plan"}},
	{"tok", blockedVault + "auth: {method: approle, role_id: r, secret_id: {file: tok, wrapped: true}}}}", "", "4", []string{"token"}},
	{"tok", blockedVault + "auth: {method: jwt, role: r, jwt: {file: tok}}}}", "", "4", []string{"plan"}},
	{"tok", blockedVault + "auth: {method: userpass, username: r, password: {file: tok}}}}", "", "4", []string{"plan"}},
	{".vault-token", blockedVault + "auth: {method: token}}}", "", "44", []string{"plan", "token"}},
	{"saved", "", "", "11", []string{"show saved", "apply saved"}},
	{"codex.yaml", "", "", "3333323", []string{"validate", "plan", blockedApply, "token", "status", blockedDoctor, "export requirements"}},
	{"pol", "", "", "33", []string{"validate -f pol", "plan -f pol"}},
	{"pol.d/a.yaml", "", "", "3", []string{"validate -f pol.d"}},
	{"base.yaml", "", "", "3", []string{"plan --base base.yaml"}},
	{"prev", "", "", "3", []string{"plan --against prev"}},
	{"before/config.toml", "", "", "1", []string{"plan --against before"}},
	{"before/auth.json", "", "", "1", []string{"plan --against before"}},
	{"collected", "", "", "3", []string{"report collected"}},
	{"machines/status.json", "", "", "3", []string{"report machines"}},
	{"machines.tgz", "", "", "3", []string{"report machines.tgz"}},
	{"task", "", "", "3", []string{"@/task"}},
	{"bundle", "", "SSL_CERT_FILE=@/bundle", "5", []string{"confirm"}},
	{"bundle", "", "CODEX_CA_CERTIFICATE=@/bundle", "5", []string{"confirm"}},
	{"npm/package.json", "", "PATH=@/npm/bin:/usr/bin:/bin", "02", []string{"plan", "doctor"}},
	{"npm/bin/codex", "", "PATH=@/npm/bin:/usr/bin:/bin", "02", []string{"plan", "doctor"}},
	{"log", "", "", "33", []string{"plan --log-level debug --log-file log", "validate --log-level debug --log-file log"}},
	{"out", "", "", "133", []string{"plan --out out", "init -o out", "export requirements --out out"}},
}

// namedFiles are lines of a config.toml that lead Codex to these files.
var namedFiles = map[string]string{
	"home/models.json": "model_catalog_json = \"models.json\"\n",
	"home/rules.md":    "model_instructions_file = \"rules.md\"\nexperimental_compact_prompt_file = \"rules.md\"\n",
	"home/agent.toml":  "agents.a.config_file = \"agent.toml\"\n",
}

// Whatever is put in the place of a file that is read or written, every command ends in
// time, in little memory and without a trace, and an end is never told as "there are
// changes": it has its exit code, and a message with the file's name.
func TestNothingThatIsReadHangs(t *testing.T) {
	at := t.TempDir()
	bin := blockedProgram(t, at)
	turns := make(chan struct{}, 12)
	var all sync.WaitGroup
	for _, b := range blockables {
		for i, run := range b.runs {
			for kind := range blocked {
				turns <- struct{}{}
				all.Go(func() {
					defer func() { <-turns }()
					if err := b.try(at, bin, run, kind, int(b.exits[i]-'0')); err != nil {
						t.Errorf("%s in the place of %s, %s: %v", kind, b.file, run, err)
					}
				})
			}
		}
	}
	all.Wait()
}

// takes reports a kind that this file may be, or may be missing as: a log goes to a
// device, a file is written anew where its old one could not be read.
func (b blockable) takes(kind string) bool {
	switch b.file {
	case "log":
		return slices.Contains([]string{"folder", "nowhere", "held", "full", "zero", "huge"}, kind)
	case "out":
		return slices.Contains([]string{"folder", "nowhere", "huge", "loop", "shut"}, kind)
	case "collected":
		return slices.Contains([]string{"folder", "nowhere", "huge"}, kind)
	}
	return kind == "folder" || kind == "nowhere"
}

// unnamed are runs that end with this code whatever the file is: confirm has no gateway
// here, and doctor tells of that too.
func (b blockable) unnamed(run string) bool {
	return run == "confirm" || strings.HasPrefix(run, "doctor") || b.file == "base.yaml"
}

// nobodyElse is who a file of mode 0000 is shut to.
const nobodyElse = 65534

// blockedProgram is the program where nobody may run it too.
func blockedProgram(t *testing.T, at string) string {
	t.Helper()
	data, err := os.ReadFile(program(t))
	bin := filepath.Join(at, "codexform")
	err = errors.Join(err, os.WriteFile(bin, data, 0o755), os.Chmod(at, 0o755), os.Chmod(filepath.Dir(at), 0o755))
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

// try runs a command in a folder of its own, and says what is wrong with its end.
func (b blockable) try(at, bin, run, kind string, exit int) error {
	out, code, err := b.end(at, bin, run, kind)
	name := filepath.Base(b.file)
	switch {
	case err != nil:
		return err
	case b.takes(kind):
		return loosely(code, exit, out)
	case code != exit:
		return fmt.Errorf("exit %d, want %d: %s", code, exit, out)
	case code != 0 && !strings.Contains(out, name) && !b.unnamed(run):
		return fmt.Errorf("exit %d without a word of %s: %s", code, name, out)
	}
	return nil
}

// end runs a command in a folder of its own and gives its end; an error where that is a
// hang or a crash.
func (b blockable) end(at, bin, run, kind string) (out string, code int, err error) {
	dir, err := os.MkdirTemp(at, "")
	if err != nil {
		return "", 0, err
	}
	defer os.RemoveAll(dir)
	if err := b.prepare(dir, bin, kind); err != nil {
		return "", 0, err
	}
	start := time.Now()
	out, code = b.run(dir, bin, run, kind == "shut")
	switch took := time.Since(start).Round(time.Second); {
	case code < 0 || took > 20*time.Second:
		err = fmt.Errorf("ended by a signal, or after %s: %s", took, out)
	case strings.Contains(out, "goroutine ") || strings.Contains(out, "panic"):
		err = fmt.Errorf("a trace: %s", out)
	}
	return out, code, err
}

// run gives what a command printed, and how it ended.
func (b blockable) run(dir, bin, run string, demoted bool) (string, int) {
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	// Go reserves more than it uses.
	args := append([]string{"-c", `ulimit -v 3000000; exec "$0" "$@"`, bin}, strings.Fields(strings.ReplaceAll(run, "@", dir))...)
	cmd := exec.CommandContext(ctx, "sh", args...)
	cmd.Dir = dir
	cmd.Env = []string{"HOME=" + dir, "CODEX_HOME=" + filepath.Join(dir, "home"), "KEY=sk-0123456789abcdef", "PATH=/usr/bin:/bin"}
	cmd.Env = append(cmd.Env, strings.ReplaceAll(b.env, "@", dir))
	if demoted && os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobodyElse, Gid: nobodyElse}}
	}
	out, _ := cmd.CombinedOutput()
	return string(out), cmd.ProcessState.ExitCode()
}

// prepare makes a home that was applied to, and puts the thing into the file's place.
func (b blockable) prepare(dir, bin, kind string) error {
	policy := strings.Replace(blockedPolicy, "SECRET", "{env: KEY}", 1)
	for name, text := range map[string]string{
		"first.yaml": policy, "base.yaml": policy, "before/config.toml": "",
		"home/sessions/none": "", "cred/none": "", "pol.d/none": "", "machines/none": "", "npm/bin/none": "",
		"codex.yaml":       strings.Replace(blockedPolicy, "SECRET", cmp.Or(b.secret, "{env: KEY}"), 1),
		"home/config.toml": namedFiles[b.file] + "model_provider = \"old\"\n[model_providers.old]\nname = \"x\"\nbase_url = \"https://127.0.0.1:1/v1\"\n",
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			return err
		}
	}
	if b.file == "npm/package.json" {
		if err := os.WriteFile(filepath.Join(dir, "npm/bin/codex"), []byte("#!/bin/sh\necho codex-cli 0.142.0\n"), 0o755); err != nil {
			return err
		}
	}
	if strings.HasPrefix(b.file, "home/") {
		if out, code := b.run(dir, bin, blockedApply+" -f first.yaml", false); code != 0 {
			return fmt.Errorf("apply: exit %d: %s", code, out)
		}
	}
	path := filepath.Join(dir, b.file)
	if err := errors.Join(os.RemoveAll(path), blocked[kind](path)); err != nil {
		return err
	}
	if f, ok := held.LoadAndDelete(path); ok {
		time.AfterFunc(30*time.Second, func() { f.(*os.File).Close() })
	}
	return giveTo(dir, kind)
}

// giveTo makes everything somebody's whom modes bind, where this is root.
func giveTo(dir, kind string) error {
	if kind != "shut" || os.Geteuid() != 0 {
		return nil
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		return cmp.Or(err, os.Lchown(path, nobodyElse, nobodyElse))
	})
}

// loosely is the end of a run for which the file may be missing, or no file: whatever it
// is, it is no crash.
func loosely(code, exit int, out string) error {
	if code == 2 && exit != 2 && !strings.Contains(out, "drift") || code > 7 {
		return fmt.Errorf("exit %d: %s", code, out)
	}
	return nil
}
