package cli_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// law says, by contract and with nothing of the program's own, whether a host may be
// sent a credential.
type law struct {
	c     pairCase
	files diskState
}

// diskState is what the files say just before a command, read with another decoder.
type diskState struct {
	base   string // where Codex would go, "" for nowhere
	entry  string // the selected provider's entry, as text
	key    string // in auth.json
	ledger string // .codexform/ledger.json
	dotenv string
}

func (l law) allows(s sighting) bool {
	switch l.c.command {
	case "plan", "destroy", "rollback", "token":
		return false // they ask nobody
	}
	if l.ours(s) && l.belongs() != s.host && !(l.policy() && s.credential == l.c.second.secret && place(l.c.second.base) == s.host) {
		return false
	}
	if l.policy() {
		return l.byPolicy(s)
	}
	return l.byFiles(s)
}

func (l law) policy() bool { return l.c.second != nil && l.c.second.delivery != "" }

// ours reports the key that the ledger knows.
func (l law) ours(s sighting) bool {
	return s.credential == firstSecret && l.remembered()
}

func (l law) remembered() bool {
	return strings.Contains(l.files.ledger, "OPENAI_API_KEY")
}

// belongs is the host that the remembered key was applied for.
func (l law) belongs() string {
	if l.c.first == nil {
		return ""
	}
	return place(l.c.first.base)
}

func (l law) byPolicy(s sighting) bool {
	p := l.c.second
	if s.host != place(p.base) || l.asksOfDisk() && place(l.files.base) != s.host {
		return false
	}
	switch s.credential {
	case p.secret:
		return p.secret != ""
	case firstSecret, ourValue, secondSecret, theirValue:
		if p.delivery == "env_key" && strings.Contains(l.variable("OUR_KEY"), s.credential) && (p.secret == "" || !strings.Contains(l.files.dotenv, "OUR_KEY=")) {
			return true // and what .env says under our name is not ours
		}
		return s.credential == firstSecret && p.delivery == "auth_json" && l.remembered() && l.belongs() == s.host
	case ownHeader:
		return p.headers
	}
	return false
}

// asksOfDisk reports a command that asks about what is there: doctor too, but in a home that
// nobody has set up.
func (l law) asksOfDisk() bool {
	untouched := l.files.ledger == "" && (l.files.base == "" || strings.Contains(l.files.base, "api.openai.com"))
	return l.c.command == "confirm" || l.c.command == "status" || l.c.command == "doctor" && !untouched
}

// variable is what a variable can hold: the text of .env, where what one line takes
// from another counts as both.
func (l law) variable(name string) string {
	for _, line := range strings.Split(l.files.dotenv, "\n") {
		if v, ok := strings.CutPrefix(line, name+"="); ok {
			if v == "$THEIR_KEY" {
				return theirValue
			}
			return strings.Trim(v, `"`)
		}
	}
	return l.c.vars[name]
}

// byFiles allows what stands in the selected provider's entry or where it points to.
func (l law) byFiles(s sighting) bool {
	if s.host != place(l.files.base) {
		return false
	}
	if strings.Contains(l.files.entry, s.credential) || l.files.key == s.credential {
		return true
	}
	for _, name := range []string{"OUR_KEY", "THEIR_KEY", "OWN_HEADER"} {
		if strings.Contains(l.files.entry, `"`+name+`"`) && l.variable(name) == s.credential {
			return true
		}
	}
	return false
}

// readDisk reads what a command is about to meet.
func readDisk(home, etc string) diskState {
	var d diskState
	config := map[string]any{}
	layer := func(name string) map[string]any {
		out := map[string]any{}
		toml.DecodeFile(filepath.Join(etc, name), &out)
		return out
	}
	under(config, layer("config.toml"))
	own := map[string]any{}
	toml.DecodeFile(filepath.Join(home, "config.toml"), &own)
	under(config, own)
	under(config, layer("managed_config.toml"))
	for key, v := range layer("requirements.toml") {
		pins, tables := v.(map[string]any)
		if had, _ := config[key].(map[string]any); tables && had != nil {
			maps.Copy(had, pins) // a pin replaces, of providers each its own
			continue
		}
		config[key] = v
	}
	id, _ := config["model_provider"].(string)
	providers, _ := config["model_providers"].(map[string]any)
	entry, _ := providers[id].(map[string]any)
	switch base, has := entry["base_url"].(string); {
	case has:
		d.base = base
	case entry != nil, id == "" || id == "openai":
		d.base = "https://api.openai.com/v1"
	}
	text, _ := json.Marshal(entry)
	d.entry = string(text)
	var auth struct {
		Key string `json:"OPENAI_API_KEY"`
	}
	data, _ := os.ReadFile(filepath.Join(home, "auth.json"))
	json.Unmarshal(data, &auth)
	d.key = auth.Key
	data, _ = os.ReadFile(filepath.Join(home, ".codexform", "ledger.json"))
	d.ledger = string(data)
	data, _ = os.ReadFile(filepath.Join(home, ".env"))
	d.dotenv = string(data)
	return d
}

// under puts over's keys into a table, tables merged.
func under(into, over map[string]any) {
	for key, v := range over {
		a, isTable := into[key].(map[string]any)
		b, alsoTable := v.(map[string]any)
		if isTable && alsoTable {
			merged := map[string]any{}
			under(merged, a)
			under(merged, b)
			into[key] = merged
			continue
		}
		into[key] = v
	}
}

// outside are the sightings that the law forbids.
func (l law) outside(seen []sighting) []sighting {
	return slices.DeleteFunc(slices.Clone(seen), l.allows)
}
