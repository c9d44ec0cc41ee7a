package codex

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/codexform/codexform/plan"
)

// actionProvider is the provider that openai/codex-action adds to config.toml. It puts
// its model_provider in front of the whole file, whatever stands there already.
const actionProvider = "codex-action-responses-proxy"

// besideCodexAction finds a model_provider that would stand twice: where that action has
// been, and where somebody said that it comes.
func besideCodexAction(f *finder) {
	at := plan.Address{"model_provider"}
	selected := f.Root.Get(at[0])
	was := !f.Root.At(plan.Address{"model_providers", actionProvider}).IsAbsent()
	if selected.IsAbsent() || selected.Text() == actionProvider || !was && !f.CodexAction {
		return
	}
	said := fmt.Sprintf("openai/codex-action puts model_provider = %q on top of config.toml: with %s below it the key stands twice, and Codex does not start", actionProvider, selected)
	setting := f.ours(at)
	switch {
	case setting != nil:
		f.addAt(setting.Origin, plan.Error, said, "apply --for codex-action, which leaves provider and key to that action; or give this job a CODEX_HOME of its own")
	case f.CodexAction:
		f.addAt(plan.Origin{}, plan.Error, said, "take model_provider out of the file, where it is not ours; or give this job a CODEX_HOME of its own")
	}
}

// ForCodexAction is what is left of a desired state beside openai/codex-action: that one
// brings the provider and holds the key, so neither is written, and nobody is asked.
func ForCodexAction(d plan.Desired) plan.Desired {
	id := ""
	if d.Provider != nil {
		id = d.Provider.ID
	}
	d.Settings = slices.DeleteFunc(slices.Clone(d.Settings), func(s plan.Setting) bool {
		return s.Address.Equal(plan.Address{"model_provider"}) || len(s.Address) > 1 && s.Address[0] == "model_providers" && s.Address[1] == id
	})
	d.Provider, d.Secret, d.Delivery = nil, nil, plan.DeliveryAuthJSON
	d.Digest = fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(d.Digest+" for codex-action"))) // a plan of the one is none of the other
	return d
}
