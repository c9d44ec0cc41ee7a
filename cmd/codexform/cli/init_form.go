package cli

import (
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/sources"
)

// form is a desired state to fill in: what most gateways need, and the rest to be
// switched on. Where the provider's usual id is not free, it gets another one.
func form(free bool) []sources.Entry {
	text := func(key, value string) plan.Member { return plan.Member{Key: key, Value: plan.Str(value)} }
	provider := []plan.Member{text("name", "My gateway"), text("base_url", "https://gateway.example/v1")}
	if !free {
		provider = append([]plan.Member{text("id", "my-gateway")}, provider...)
	}
	return []sources.Entry{
		{Key: "model", Value: plan.Str("gpt-5.4")},
		{
			Comment: "The gateway, with its version path. Codex knows it by its id; OpenAI is the default.",
			Key:     "provider",
			Value:   plan.Table(provider...),
		},
		secretEntry(),
		{
			Comment: "How Codex gets the key: auth_json (the default), env_key, or command, which leaves\nno key on the disk.",
			Key:     "delivery", Value: plan.Str(string(plan.DeliveryCommand)), Off: true,
		},
		{
			Comment: "Any other key of config.toml that must have a value.",
			Key:     "settings", Value: plan.Table(text("model_verbosity", "low")), Off: true,
		},
		{
			Comment: "Written while nobody has chosen another value: the user may change it.",
			Key:     "defaults", Value: plan.Table(text("approval_policy", "on-request")), Off: true,
		},
		{
			Comment: "Removed.",
			Key:     "absent", Value: plan.List(plan.List(plan.Str("model_providers"), plan.Str("old-gateway"))), Off: true,
		},
	}
}

// secretEntry names the variable that a first desired state takes the key from.
func secretEntry() sources.Entry {
	return sources.Entry{
		Comment: "Where the key is; it never stands in this file. Or file, command, vault, …",
		Key:     "secret", Value: plan.Table(plan.Member{Key: "env", Value: plan.Str(starterVariable)}),
	}
}
