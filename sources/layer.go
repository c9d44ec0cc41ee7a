package sources

import "github.com/codexform/codexform/plan"

// system reports a policy for the machine's own layer, which every user's Codex reads.
func (b builder) system() bool { return b.root.get("layer").text() == "system" }

// fitLayer reports what does not go together with the layer.
func (b builder) fitLayer(provider *node, delivery plan.Delivery) {
	layer, enforce := b.root.get("layer"), b.root.get("enforce")
	if enforce.isTrue() && (!b.system() || provider == nil) {
		b.at(enforce.key, "enforce: pins the provider for every user of the machine", "it goes with a provider and layer: system")
	}
	if !b.system() {
		return
	}
	if provider != nil && delivery == plan.DeliveryAuthJSON {
		b.at(layer.at, "layer: system holds no key, and auth.json is no part of it", "use delivery: command, or env_key")
	}
	if home := b.root.get("codex_home"); home != nil {
		b.at(home.key, "codex_home: layer: system writes the machine's folder, not a Codex home", "remove one of the two")
	}
}

// pins are the settings that requirements.toml repeats, so that no user's file counts
// against them: the provider. Codex ignores a model there.
func pins(d plan.Desired) []plan.Setting {
	var out []plan.Setting
	for _, s := range d.Settings {
		provider := d.Provider != nil && s.Address.HasPrefix(plan.Address{"model_providers", d.Provider.ID})
		if !s.Default && (provider || s.Address.Equal(plan.Address{"model_provider"})) {
			out = append(out, s)
		}
	}
	return out
}

func (n *node) isTrue() bool { return n != nil && n.value.Kind() == plan.KindBool && n.value.True() }
