package codex

import (
	"fmt"
	"strings"

	"github.com/codexform/codexform/plan"
)

// providerNameOpenAI finds a gateway whose name makes Codex take it for OpenAI.
func providerNameOpenAI(f *finder) {
	for _, p := range f.Root.Get("model_providers").Members() {
		name := p.Value.Get("name").Text()
		if !takenForOpenAI(name, p.Value) {
			continue
		}
		f.add(plan.Address{"model_providers", p.Key, "name"}, plan.Diagnostic{
			Severity: plan.Warning,
			Rule:     "provider-name-openai",
			Summary:  fmt.Sprintf("Codex takes a provider named %q for OpenAI itself and asks it to compact long sessions, which a gateway cannot: such a session dies", name),
			Fix:      fmt.Sprintf(`give the provider another name, or set model_providers.%s.capabilities.remote_compaction to "unsupported"`, plan.Address{p.Key}),
		})
	}
}

// takenForOpenAI reports whether Codex would send a provider remote compaction
// that it may not know.
func takenForOpenAI(name string, entry plan.Value) bool {
	if entry.Get("capabilities").Get("remote_compaction").Text() == "unsupported" {
		return false
	}
	url := entry.Get("base_url").Text()
	if url == "" || strings.HasPrefix(url, openAIURL) {
		return false
	}
	return name == "OpenAI"
}
