package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/tomlfile"
)

var (
	providerLives = flag.Int("provider-lives", 60, "how many lives TestLivesOfProviders lives")
	providerSeed  = flag.Uint64("provider-seed", 0, "the seed of the first of them")
)

// providerLife is a home whose policies name a gateway: its id, its host, how its key gets
// there and what the key is change from one to the next. It holds what must be true of any
// home at any time, without a model of what a policy makes of it.
type providerLife struct {
	commandLife
	start   string
	auth    string // "" for no auth.json
	theirs  leaves // what the user had and wrote
	kept    string // all that commands said
	edited  bool
	astray  bool              // another ledger lies there
	keys    map[string]string // our keys, and the hosts that they are for
	ledgers [][]byte
}

var (
	providerHosts = []string{"https://gate.example/v1", "https://corp.example/openai/v1", "https://gate.example:8443/v1"}
	providerIDs   = []string{"corp", "gate", "old"}
	providerFiles = []string{
		"",
		"# mine\n",
		"model = \"o3\" # of old\nmodel_provider = \"old\"\n\n[model_providers.old]\nname = \"Old\" # so\nbase_url = \"https://old.example/v1\"\nenv_key = \"OLD_KEY\"\n",
		"model_providers.corp = { name = \"Mine\", base_url = \"https://mine.example\", requires_openai_auth = true }\n[features]\nfoo = true\n",
		"[mcp_servers.docs]\ncommand = \"docs\"\nstartup_timeout_sec = 30\nenabled = true\n\n[model_providers.gate]\nname = \"G\"\nbase_url = \"https://gate.example/v1\"\nwire_api = \"chat\"",
		"\r\nmodel_provider = 'openai'\r\n[profiles.old]\r\nmodel_provider = \"old\"\r\n[model_providers.old]\r\nname=\"O\"\r\nbase_url=\"https://o.example\"\r\n",
	}
	providerAuths = []string{
		"{\"OPENAI_API_KEY\":\"" + hostKey(0, 0) + "\"}",
		"", "", "{}", `{"OPENAI_API_KEY":"sk-users-own-key-0001"}`, "{\n  \"OPENAI_API_KEY\": \"" + hostKey(0, 0) + "\",\n  \"note\": 1\n}\n",
		`{"auth_mode":"chatgpt","OPENAI_API_KEY":null,"tokens":{"id_token":"x","access_token":"y","refresh_token":"z","account_id":"a"}}`,
		`{"OPENAI_API_KEY":null}`,
	}
	providerRest = []string{
		"settings: {model: gpt-5.4}", "defaults: {model: gpt-5.1, approval_policy: on-request}", "absent: [[mcp_servers, docs], [features]]",
		"settings: {mcp_servers: {team: {command: team, startup_timeout_sec: 30, enabled: true}}}", "repair: [removed-key, unknown-key, wire-api-chat]",
		"absent: [[model_providers, old]]\nsettings: {review_model: gpt-5.4}", "",
	}
)

func hostKey(host, turn int) string { return fmt.Sprintf("sk-of-host-%d-turn-%d-aaaaaaaa", host, turn) }

// TestLivesOfProviders lives lives of gateways and keys through the command line.
func TestLivesOfProviders(t *testing.T) {
	wrong, applied, lives := 0, 0, few(*providerLives)
	for seed := *providerSeed; seed < *providerSeed+uint64(lives); seed++ {
		l := &providerLife{keys: map[string]string{}}
		l.commandLife = commandLife{t: t, r: rand.New(rand.NewPCG(seed, 11)), home: filepath.Join(t.TempDir(), "home"), vars: map[string]string{}}
		if err := l.live(&applied); err != nil {
			if wrong++; wrong <= 5 {
				t.Errorf("life %d: %v\n%s", seed, err, strings.Join(l.said, "\n"))
			}
		}
	}
	t.Logf("%d lives of providers, %d applies, %d wrong", lives, applied, wrong)
	if applied < lives {
		t.Errorf("only %d applies", applied)
	}
}

func (l *providerLife) file(name string) string { return filepath.Join(l.home, name) }

func (l *providerLife) put(name, text string) {
	if err := os.MkdirAll(filepath.Dir(l.file(name)), 0o700); err != nil {
		l.t.Fatal(err)
	}
	if err := os.WriteFile(l.file(name), []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
}

func (l *providerLife) read(name string) string {
	data, _ := os.ReadFile(l.file(name))
	return string(data)
}

func (l *providerLife) live(applied *int) error {
	l.start, l.auth = providerFiles[l.r.IntN(len(providerFiles))], providerAuths[l.r.IntN(len(providerAuths))]
	if err := os.MkdirAll(l.home, 0o700); err != nil {
		return err
	}
	if l.start != "" {
		l.put("config.toml", l.start)
	}
	if l.auth != "" {
		l.put("auth.json", l.auth)
	}
	l.theirs, _ = readLeaves(l.start)
	l.said = append(l.said, "start\n"+l.start+"\nauth.json "+l.auth)
	quiet := l.r.IntN(3) == 0
	for i := range 2 + l.r.IntN(8) {
		if err := l.step(i, quiet, applied); err != nil {
			return err
		}
		if err := l.holds(); err != nil {
			return err
		}
	}
	if code := l.do("destroy", "--auto-approve"); code != 0 {
		return fmt.Errorf("destroy: exit %d", code)
	}
	if err := l.holds(); err != nil {
		return err
	}
	return l.left()
}

func (l *providerLife) do(args ...string) int {
	code := l.run(args...)
	l.said[len(l.said)-1] += "\nauth.json " + l.read("auth.json")
	l.kept += l.said[len(l.said)-1]
	l.ledgers = append(l.ledgers, []byte(l.read(".codexform/ledger.json")))
	return code
}

func (l *providerLife) step(i int, quiet bool, applied *int) error {
	k := l.r.IntN(12)
	switch {
	case k < 6 || quiet && k >= 9:
		return l.apply(i, applied)
	case k < 8:
		before := l.config() + l.read("auth.json")
		switch code := l.do("rollback", "--auto-approve"); {
		case code == 0:
		case code == 3 && l.config()+l.read("auth.json") == before:
		default:
			return fmt.Errorf("rollback: exit %d", code)
		}
	case k < 9:
		if code := l.do("destroy", "--auto-approve"); code != 0 {
			return fmt.Errorf("destroy: exit %d", code)
		}
	case k < 10 && l.r.IntN(2) == 0:
		l.lose()
	default:
		l.edit()
	}
	return nil
}

func (l *providerLife) apply(i int, applied *int) error {
	host := max(0, l.r.IntN(5)-2)
	key := hostKey(host, l.r.IntN(2))
	l.keys[key] = plan.HostOf(providerHosts[host])
	l.vars["LIFE_KEY"] = key
	text := fmt.Sprintf("version: 1\nmodel: gpt-5.4\nprovider: {id: %s, name: Gate, base_url: '%s'%%s}\n%%s\n", providerIDs[l.r.IntN(len(providerIDs))], providerHosts[host])
	rest := providerRest[l.r.IntN(len(providerRest))]
	if strings.Contains(rest, "model: ") || strings.Contains(text, "id: old") && strings.Contains(rest, "old]") {
		rest = ""
	}
	switch l.r.IntN(4) {
	case 0:
		text = fmt.Sprintf(text, ", env_key: GATE_KEY", "delivery: env_key\n"+rest)
	case 1:
		text = fmt.Sprintf(text, "", "delivery: command\nsecret: {env: LIFE_KEY}\n"+rest)
	default:
		text = fmt.Sprintf(text, "", "secret: {env: LIFE_KEY}\n"+rest)
	}
	path := filepath.Join(filepath.Dir(l.home), fmt.Sprintf("policy%d.yaml", i))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return err
	}
	l.said = append(l.said, text)
	before := l.config() + l.read("auth.json")
	switch code := l.do("apply", "--auto-approve", "--no-confirm", "-f", path); {
	case code == 3 && l.config()+l.read("auth.json") == before:
		return nil
	case code != 0:
		return fmt.Errorf("apply: exit %d", code)
	}
	*applied++
	if code := l.do("plan", "--detailed-exitcode", "-f", path); code != 0 {
		return fmt.Errorf("a plan after apply: exit %d", code)
	}
	if mode := l.mode(); strings.Contains(text, "LIFE_KEY") && !strings.Contains(text, "delivery") && (l.key() != key || mode != "" && mode != "apikey") {
		return fmt.Errorf("the key is not there")
	}
	return nil
}

// lose puts another ledger in the place of ours.
func (l *providerLife) lose() {
	if len(l.ledgers) == 0 {
		return
	}
	l.astray, l.edited = true, true
	old := l.ledgers[l.r.IntN(len(l.ledgers))]
	if l.r.IntN(2) == 0 || len(old) == 0 {
		l.said = append(l.said, "the ledger is lost")
		os.Remove(l.file(".codexform/ledger.json"))
		return
	}
	l.said = append(l.said, "an older ledger comes back")
	l.put(".codexform/ledger.json", string(old))
}

// edit is a hand of the user's, or Codex's.
func (l *providerLife) edit() {
	text := strings.Replace(l.config(), "(none)", "", 1)
	l.edited = true
	set := func(value any, v plan.Value, at ...string) {
		got, err := tomlfile.Apply([]byte(text), []tomlfile.Edit{{Address: at, Value: v}})
		if err != nil {
			return // no room
		}
		l.theirs[keyOf(at)] = shownOf(value)
		text = string(got.Data)
		l.put("config.toml", text)
		l.said = append(l.said, fmt.Sprintf("somebody writes %v\n%s", at, text))
	}
	id := providerIDs[l.r.IntN(len(providerIDs))]
	switch l.r.IntN(6) {
	case 0:
		set("kept", plan.Str("kept"), "notes", "mine")
	case 1:
		if strings.Contains(text, "[model_providers."+id+"]") {
			set(int64(900), plan.Int(900), "model_providers", id, "stream_idle_timeout_ms")
		}
	case 2:
		set("me", plan.Str("me"), "mcp_servers", "mine", "command")
	case 3: // as codex mcp add writes the servers anew
		text = strings.ReplaceAll(strings.ReplaceAll(text, "startup_timeout_sec = 30\n", "startup_timeout_sec = 30.0\n"), "enabled = true\n", "")
		delete(l.theirs, keyOf([]string{"mcp_servers", "docs", "enabled"}))
		if at := keyOf([]string{"mcp_servers", "docs", "startup_timeout_sec"}); l.theirs[at] != "" {
			l.theirs[at] = "any"
		}
		set("me", plan.Str("me"), "mcp_servers", "added", "command")
	case 4:
		l.said = append(l.said, "a profile selects "+id)
		l.put("work.config.toml", "model_provider = \""+id+"\"\n")
	case 5:
		set("o4", plan.Str("o4"), "tui", "theme")
	}
}

func (l *providerLife) member(name string) string {
	var doc map[string]any
	json.Unmarshal([]byte(l.read("auth.json")), &doc)
	text, _ := doc[name].(string)
	return text
}

func (l *providerLife) key() string  { return l.member("OPENAI_API_KEY") }
func (l *providerLife) mode() string { return l.member("auth_mode") }

// holds is what is true of the home after every step.
func (l *providerLife) holds() error {
	root, err := tomlfile.Parse([]byte(strings.Replace(l.config(), "(none)", "", 1)))
	if err != nil {
		return err
	}
	was, _ := tomlfile.Parse([]byte(l.start))
	stops := func(v plan.Value) bool {
		return slices.ContainsFunc(codex.Check(codex.Checked{Root: v}), func(d plan.Diagnostic) bool { return d.Stops })
	}
	if stops(root.Root) && !stops(was.Root) && !l.astray {
		return fmt.Errorf("Codex does not start")
	}
	id := root.Root.Get("model_provider").Text()
	table := root.Root.At(plan.Address{"model_providers", id})
	host := plan.HostOf(table.Get("base_url").Text())
	if meant, ours := l.keys[l.key()]; ours && !l.astray && !strings.Contains(l.auth, l.key()) && table.Get("requires_openai_auth").Equal(plan.Bool(true)) && host != meant {
		return fmt.Errorf("the key for %s would go to %s", meant, host)
	}
	return nil
}

// left is what a destroy leaves: what the user had and wrote, and what it named.
func (l *providerLife) left() error {
	if key := l.key(); l.keys[key] != "" && !strings.Contains(l.auth, key) && !l.astray {
		return fmt.Errorf("a key of ours stays in auth.json")
	}
	for _, text := range []string{`"note"`, `"tokens"`} {
		if strings.Contains(l.auth, text) && !strings.Contains(l.read("auth.json"), text) {
			return fmt.Errorf("%s is gone from auth.json", text)
		}
	}
	if strings.TrimSpace(l.read("auth.json")) == "{}" && l.auth != "{}" && !l.astray {
		return fmt.Errorf("an auth.json that Codex takes for a login stays")
	}
	if !strings.Contains(l.kept, "is replaced, and not kept") && !l.astray && l.read("auth.json") != l.auth {
		return fmt.Errorf("auth.json is %q, not %q", l.read("auth.json"), l.auth)
	}
	if !l.edited {
		if got := l.config(); got != l.start && (l.start != "" || got != "(none)") {
			return fmt.Errorf("destroy leaves other bytes")
		}
		return nil
	}
	got, err := readLeaves(strings.Replace(l.config(), "(none)", "", 1))
	if err != nil {
		return err
	}
	for _, k := range slices.Sorted(maps.Keys(l.theirs)) {
		if v, there := got[k]; (!there || v != l.theirs[k] && l.theirs[k] != "any") && !l.astray {
			return fmt.Errorf("%s is %q, the user's is %q", k, v, l.theirs[k])
		}
	}
	for _, k := range slices.Sorted(maps.Keys(got)) {
		at := plan.Address(pathOf(k)).String()
		if _, theirs := l.theirs[k]; !theirs && !l.astray && !(strings.Contains(l.kept, "released") && strings.Contains(l.kept, at)) {
			return fmt.Errorf("%s stays, and nobody said so", k)
		}
	}
	return nil
}
