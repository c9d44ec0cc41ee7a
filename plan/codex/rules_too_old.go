package codex

import (
	"fmt"

	"github.com/codexform/codexform/plan"
)

// commandsRun is older than the first version that runs a provider's auth command,
// 0.120.0, and newer than the last that was seen to ignore it, 0.115.0.
var commandsRun = Version{0, 116, 0}

func deliveryUnknown(f *finder) {
	if p := f.Desired.Provider; p != nil && f.Desired.Delivery == plan.DeliveryCommand && f.Version.measuredBy().Compare(commandsRun) < 0 {
		f.addAt(p.Origin, f.rule.Severity, fmt.Sprintf("Codex %s does not run a command for its key and would send none with delivery: command", f.Version.measuredBy()),
			"choose delivery: auth_json or env_key, or have Codex 0.120.0 or newer")
	}
}

// pinsRead is the first measured version that takes a provider out of requirements.toml.
var pinsRead = Version{0, 156, 1}

// layerUnknown finds files of the machine that nobody would read.
func layerUnknown(f *finder) {
	v := f.Version.measuredBy()
	switch {
	case !f.Desired.System:
	case v.Compare(readSince[LayerSystem]) < 0:
		f.addAt(f.factOf("layer"), f.rule.Severity, fmt.Sprintf("Codex %s does not read the machine's config.toml (0.80.0 does): nothing of this policy would count", v),
			"choose layer: user, or have a newer Codex")
	case len(f.Desired.Pins) > 0 && v.Compare(pinsRead) < 0:
		f.addAt(f.factOf("enforce"), plan.Warning, fmt.Sprintf("Codex %s takes no provider out of requirements.toml (%s does): users may choose another one", v, pinsRead),
			"have a newer Codex, or remove enforce")
	}
}

// factOf is where the policy says something that is no key of a file.
func (f *finder) factOf(name string) plan.Origin {
	for _, fact := range f.Desired.Facts {
		if fact.Path.Equal(plan.Address{name}) {
			return fact.Origin
		}
	}
	return plan.Origin{}
}
