package cli

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/codexform/codexform/cmd/codexform/export"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/sources"
)

// takeProvider takes the provider that Codex uses: as an entry of its own where one of
// the deliveries fits it, else key by key, so that nothing about it would change.
func (d *draft) takeProvider() {
	chosen := d.root().Get("model_provider")
	if chosen.Kind() != plan.KindString {
		return
	}
	id := chosen.Text()
	entry := d.root().Get("model_providers").Get(id)
	if entry.Kind() != plan.KindTable {
		if m := (plan.Member{Key: "model_provider", Value: chosen}); !d.leaves(m) {
			d.setting(&d.settings, m)
		}
		return
	}
	if plan.Secrecy(nil, plan.Str(id)) != plan.Harmless {
		d.note("model_provider is a key, and not the name of a provider: it is left out")
		return
	}
	d.others(id)
	own, delivery := providerEntry(id, entry)
	if why := d.providerRefused(id, entry, delivery == ""); why != "" {
		d.note("the provider %s is left out: %s", id, why)
		return
	}
	if delivery == "" {
		d.looseProvider(id, entry)
		return
	}
	secret, note := d.secret(delivery)
	entries := []sources.Entry{own, secret}
	if _, problems := sources.Try(d.world, entries...); len(problems) > 0 {
		d.note("the provider is left out: %s", problems[0].Message)
		return
	}
	d.entries = append(d.entries, entries...)
	if note != "" {
		d.note("%s", note)
	}
	if entry.Get("wire_api").IsAbsent() {
		d.absent = append(d.absent, plan.List(plan.Str("model_providers"), plan.Str(id), plan.Str("wire_api")))
	}
	d.providerKeys(entry, takenKeys(entry, delivery)...)
}

// takenKeys are the keys of a provider that the policy's own words say already.
func takenKeys(entry plan.Value, delivery plan.Delivery) []string {
	taken := []string{"name", "base_url", "wire_api", deliveryKey[delivery]}
	if _, ok := keyHeader(entry); ok && entry.Get("env_key").Text() == "" && delivery == plan.DeliveryEnvKey {
		taken = append(taken, "env_http_headers")
	}
	return taken
}

// providerRefused is why a plan would refuse the provider as it stands. A name it
// would get.
func (d *draft) providerRefused(id string, entry plan.Value, loose bool) string {
	if entry.Get("name").Text() == "" && !loose {
		entry = plan.Table(append(slices.Clone(entry.Members()), plan.Member{Key: "name", Value: plan.Str(id)})...)
	}
	return d.refusal(plan.Table(
		plan.Member{Key: "model_provider", Value: plan.Str(id)},
		plan.Member{Key: "model_providers", Value: plan.Table(plan.Member{Key: id, Value: entry})},
	), loose)
}

// others names the providers that stay the user's.
func (d *draft) others(id string) {
	var names []string
	for _, m := range d.root().Get("model_providers").Members() {
		if m.Key != id {
			names = append(names, m.Key)
		}
	}
	if len(names) > 0 {
		d.note("other providers stay as they are: %s", strings.Join(names, ", "))
	}
}

// deliveryKey is the key of a provider that a delivery sets.
var deliveryKey = map[plan.Delivery]string{
	plan.DeliveryAuthJSON: "requires_openai_auth",
	plan.DeliveryEnvKey:   "env_key",
}

// providerEntry is a provider as an entry, and the delivery that fits it; none where
// the entry would change something that works.
func providerEntry(id string, entry plan.Value) (sources.Entry, plan.Delivery) {
	for _, key := range []string{"auth", "gateway_oauth", "aws", "experimental_bearer_token"} {
		if !entry.Get(key).IsAbsent() {
			return sources.Entry{}, ""
		}
	}
	var members []plan.Member
	add := func(key string, v plan.Value) {
		if v.Kind() == plan.KindString && v.Text() != "" {
			members = append(members, plan.Member{Key: key, Value: v})
		}
	}
	if id != "OpenAI" {
		add("id", plan.Str(id))
	}
	add("name", entry.Get("name"))
	add("base_url", entry.Get("base_url"))
	delivery := plan.Delivery("")
	switch {
	case entry.Get("base_url").Text() == "":
	case entry.Get("env_key").Text() != "":
		add("env_key", entry.Get("env_key"))
		delivery = plan.DeliveryEnvKey
	case entry.Get("requires_openai_auth").True():
		delivery = plan.DeliveryAuthJSON
	default:
		if header, ok := keyHeader(entry); ok {
			add("env_key", header.Value)
			add("auth_header", plan.Str(header.Key))
			delivery = plan.DeliveryEnvKey
		}
	}
	return sources.Entry{Key: "provider", Value: plan.Table(members...)}, delivery
}

// keyHeader is the one header of an entry that a variable gives the key.
func keyHeader(entry plan.Value) (plan.Member, bool) {
	headers := entry.Get("env_http_headers").Members()
	if len(headers) != 1 || !plan.SecretName(headers[0].Key) || strings.EqualFold(headers[0].Key, "authorization") {
		return plan.Member{}, false
	}
	return headers[0], true
}

// keyFromAuthFile is what one types to have auth.json's key in a variable, without seeing
// it. The home is named as it is found on every machine that is set up like this one.
func (d *draft) keyFromAuthFile(variable string) string {
	own := d.home == filepath.Join(d.world.Home, ".codex")
	file := filepath.Join(d.home, plan.AuthFile)
	if d.world.OS == "windows" {
		at := "-LiteralPath '" + strings.ReplaceAll(file, "'", "''") + "'"
		if own {
			at = `~\.codex\` + plan.AuthFile
		}
		return "$env:" + variable + " = (Get-Content -Raw " + at + " | ConvertFrom-Json).OPENAI_API_KEY"
	}
	if file = export.ShellWord(file); own {
		file = "~/.codex/" + plan.AuthFile
	}
	return variable + "=\"$(jq -r .OPENAI_API_KEY " + file + ")\""
}

// secret is where the key comes from, without the key, and what to say about it.
func (d *draft) secret(delivery plan.Delivery) (sources.Entry, string) {
	if delivery == plan.DeliveryEnvKey {
		return sources.Entry{Key: "delivery", Value: plan.Str(string(delivery))}, ""
	}
	p := secretEntry()
	switch d.access.Credential {
	case codex.FromAuthJSON:
		d.variable = starterVariable
		return p, "put the key into the variable " + starterVariable + ": with the key that auth.json has now, a plan leaves it alone. Nothing shows it on the way: " +
			d.keyFromAuthFile(starterVariable)
	case codex.FromLogin:
		p.Off = true
		return p, "auth.json holds a ChatGPT login, which stays: switch secret on to put a key beside it, which then comes first"
	}
	p.Off = true
	return p, "auth.json holds no key that Codex would use: switch secret on to have one written"
}

// looseProvider takes a provider that no delivery fits, key by key, without what is
// or may be a credential.
func (d *draft) looseProvider(id string, entry plan.Value) {
	d.setting(&d.settings, plan.Member{Key: "model_provider", Value: plan.Str(id)})
	d.providerKeys(entry)
	where := plan.Address{"model_providers", id}.String()
	switch command := entry.Get("auth").Get("command").Text(); {
	case strings.TrimSuffix(filepath.Base(command), ".exe") == "codexform":
		d.note("%s runs codexform already: the file behind its -f is the desired state of this home", where)
	case command != "":
		d.note("%s gets its key from a command, which stays yours; `delivery: command` would put codexform in its place", where)
	case !entry.Get("experimental_bearer_token").IsAbsent():
		d.note("%s holds a key in clear, which is not copied and stays: with provider and secret here codexform would keep it in auth.json", where)
	case entry.Get("base_url").Text() == "":
		d.note("%s has no base_url, so Codex sends its requests to OpenAI", where)
	default:
		d.note("Codex sends %s no key: with provider and secret here it would", where)
	}
}

// providerKeys takes the provider's plain values but those named. What is called or
// shaped like a secret no desired state may hold, so none of it is taken.
func (d *draft) providerKeys(entry plan.Value, but ...string) {
	for _, m := range entry.Members() {
		if !slices.Contains(but, m.Key) {
			d.setting(&d.provider, m)
		}
	}
}
