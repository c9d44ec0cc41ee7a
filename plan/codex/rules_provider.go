package codex

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

func providerRules() []Rule {
	return []Rule{
		{"missing-provider", plan.Error, "the selected provider is not defined", missingProvider},
		{"reserved-provider-id", plan.Error, "Codex keeps the provider's id for itself", reservedProviderID},
		{"provider-incomplete", plan.Error, "the provider lacks what Codex needs", providerIncomplete},
		{"wire-api-chat", plan.Error, "Codex no longer starts with wire_api chat", wireAPIChat},
		{"credential-conflict", plan.Error, "the provider has two ways to get a credential", credentialConflict},
		{"codex-action", plan.Error, "openai/codex-action puts a provider of its own on top", besideCodexAction},
		{"provider-name-openai", plan.Warning, "the provider's name makes Codex take it for OpenAI", providerNameOpenAI},
	}
}

// The first measured versions that refuse a provider's blank name, its wire_api chat,
// and its use of an id of Codex's own.
var (
	namesAreSaid = Version{0, 124, 0}
	chatGone     = Version{0, 98, 0}
	idsReserved  = Version{0, 115, 0}
	// catalogueNamed lets openai have a catalogue elsewhere.
	catalogueNamed = Version{0, 166, 0}
)

// knows reports whether the Codex at hand knows a key.
func (f *finder) knows(a ...string) bool {
	_, known := LookupKey(a, f.Version)
	return known
}

// providers visits every provider that config.toml and the other layers define.
func (f *finder) providers(visit func(a plan.Address, entry plan.Value)) {
	for _, p := range f.merged.Get("model_providers").Members() {
		visit(plan.Address{"model_providers", p.Key}, p.Value)
	}
}

func missingProvider(f *finder) {
	id := selectedProvider(f.merged)
	selector := plan.Address{"model_provider"}
	if own := f.profileAbove().Get("model_provider"); own.Text() != "" {
		id, selector = own.Text(), plan.Address{"profiles", f.merged.Get("profile").Text(), "model_provider"}
	} else if name := f.merged.Get("model_provider"); name.Kind() == plan.KindString && name.Text() == "" {
		id = ""
	}
	defined := f.merged.Get("model_providers")
	if _, own := bringsAlong(id, f.Version); own || !defined.Get(id).IsAbsent() {
		return
	}
	fix := fmt.Sprintf("define [model_providers.%s], or change model_provider", plan.Address{id})
	var ids []string
	for _, p := range defined.Members() {
		ids = append(ids, p.Key)
	}
	if near := plan.Near(id, append(ids, builtins(f.Version)...), 2); len(near) > 0 {
		fix = fmt.Sprintf("did you mean %s? The case counts", strings.Join(near, " or "))
	}
	f.stopWithout(selector, plan.Address{"model_providers", id}, fmt.Sprintf("Codex does not start: no provider %q is defined", id), fix)
}

func reservedProviderID(f *finder) {
	f.providers(func(a plan.Address, entry plan.Value) {
		if slices.Contains(reserved, a[1]) && f.Version.measuredBy().Compare(idsReserved) >= 0 && !f.onlyCatalogue(a[1], entry) {
			f.stop(a, fmt.Sprintf("Codex does not start when config.toml defines the provider %q, which is its own", a[1]),
				"choose another id; another case is enough, such as OpenAI")
		}
	})
}

// onlyCatalogue reports a table of openai that names no more than a catalogue of its own
// makers', which newer versions take.
func (f *finder) onlyCatalogue(id string, entry plan.Value) bool {
	if id != "openai" || entry.Kind() != plan.KindTable || f.Version.measuredBy().Compare(catalogueNamed) < 0 {
		return false
	}
	for _, m := range entry.Members() {
		u, err := url.Parse(m.Value.Text())
		if m.Key != "model_catalog_url" || err != nil || u.Scheme != "https" || u.Host != "chatgpt.com" && !strings.HasSuffix(u.Host, ".chatgpt.com") {
			return false
		}
	}
	return true
}

func providerIncomplete(f *finder) {
	f.providers(func(a plan.Address, entry plan.Value) {
		if _, own := bringsAlong(a[1], f.Version); own || entry.Kind() != plan.KindTable {
			return
		}
		if name := entry.Get("name"); name.IsAbsent() || strings.TrimSpace(name.Text()) == "" && f.Version.measuredBy().Compare(namesAreSaid) >= 0 {
			f.stop(a, fmt.Sprintf("Codex does not start: the provider %s has no name", a[1]), "give it a name")
		}
		if entry.Get("base_url").Text() == "" && entry.Get("aws").IsAbsent() && entry.Get("project_id").IsAbsent() {
			f.add(a, fmt.Sprintf("the provider %s has no base_url, so Codex would send its key to OpenAI", a[1]), "give it a base_url")
		}
	})
}

func wireAPIChat(f *finder) {
	f.providers(func(a plan.Address, entry plan.Value) {
		if entry.Get("wire_api").Text() == "chat" && f.Version.measuredBy().Compare(chatGone) >= 0 {
			f.stop(append(a, "wire_api"),
				fmt.Sprintf(`Codex does not start with wire_api = "chat", not even when the provider %s is not the selected one`, a[1]),
				`set it to "responses", or remove the provider`)
		}
	})
}

func credentialConflict(f *finder) {
	f.providers(func(a plan.Address, entry plan.Value) {
		for _, program := range []string{"auth", "gateway_oauth"} {
			// A token with a header of its own goes together with a key.
			if t := entry.Get(program); t.IsAbsent() || !f.knows("model_providers", a[1], program) || !t.Get("delivery").IsAbsent() {
				continue
			}
			for _, other := range []string{"env_key", "experimental_bearer_token", "requires_openai_auth", "auth"} {
				if v := entry.Get(other); other != program && (v.True() || v.Kind() == plan.KindString || v.Kind() == plan.KindTable) {
					f.stop(append(slices.Clone(a), other),
						fmt.Sprintf("Codex does not start: the provider %s has both %s and %s", a[1], program, other), "keep one of them")
				}
			}
		}
	})
}

func providerNameOpenAI(f *finder) {
	f.providers(func(a plan.Address, entry plan.Value) {
		if !takenForOpenAI(entry) {
			return
		}
		name := entry.Get("name").Text()
		f.add(append(a, "name"),
			fmt.Sprintf("Codex takes the provider %s, named %q, for OpenAI and has it compact long sessions; a gateway that cannot do that ends the session", a[1], name),
			fmt.Sprintf(`give it another name, or set %s to "unsupported"`, append(a, "capabilities", "remote_compaction")))
	})
}

// takenForOpenAI reports whether Codex would have a gateway compact sessions that
// it does not know to be able to.
func takenForOpenAI(entry plan.Value) bool {
	if !entry.Get("capabilities").Get("remote_compaction").IsAbsent() {
		return false
	}
	name, url := entry.Get("name").Text(), entry.Get("base_url").Text()
	if url == "" || strings.HasPrefix(url, openAIURL) || strings.Contains(url, "openai.azure.com") {
		return false
	}
	return name == "OpenAI" || strings.EqualFold(name, "azure")
}
