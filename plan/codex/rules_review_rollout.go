package codex

import (
	"time"

	"github.com/codexform/codexform/plan"
)

// rolloutWidened looks at a policy that everybody follows at once from now on, at
// groups that grow or start earlier together with what they are to try, and at the
// number that keeps older policies away.
func (f *finder) rolloutWidened() {
	more := len(f.moves()) > 0
	for _, c := range f.Policy {
		more = more || c.Path[0] != "rollout" && c.Path[0] != "policy_version"
	}
	gone := f.Desired.Empty() // and with it whatever was to come later
	for _, c := range f.Policy {
		switch path := c.Path.String(); {
		case gone && (path == "policy_version" || path == "rollout.window.from"):
		case path == "layer" && c.After.Text() == "system":
			f.review(c.Origin, "layer: every user of a machine follows from now on, and none has to be asked")
		case path == "policy_version" && c.After.IsAbsent():
			f.review(c.Origin, "policy_version: no longer said (was %s), so an older policy may come back", c.Before)
		case path == "policy_version" && !c.Before.IsAbsent() && c.After.Int64() < c.Before.Int64():
			f.review(c.Origin, "policy_version: %s is older than %s, and a machine that applied that refuses it", c.After, c.Before)
		case path == "rollout.window.from" && c.After.IsAbsent():
			f.review(c.Origin, "rollout.window: machines follow at any time (was from %s)", c.Before)
		case path == "rollout.mode" && c.After.Text() == "all":
			f.review(c.Origin, "rollout.mode: every machine follows at once")
		case path == "rollout.rings" && c.After.IsAbsent() && !c.Before.IsAbsent():
			f.review(c.Origin, "rollout.rings: every machine follows at once (was %s)", c.Before)
		case path == "rollout.rings" && more && firstShare(c.After) > firstShare(c.Before) && !c.Before.IsAbsent():
			f.review(c.Origin, "rollout.rings: the first %d%% of all machines follow at once, and what they follow changes too (was %d%%)", firstShare(c.After), firstShare(c.Before))
		case path == "rollout.rings" && more && sooner(c.Before, c.After) > 0 && !c.Before.IsAbsent():
			f.review(c.Origin, "rollout.rings: %d%% of all machines follow earlier, and what they follow changes too", sooner(c.Before, c.After))
		}
	}
}

// firstShare is the smallest part of all machines that a ring takes, 100 where none says so.
func firstShare(rings plan.Value) int64 {
	least := int64(100)
	for _, ring := range rings.Items() {
		if p := ring.Get("percent"); p.Kind() == plan.KindInt {
			least = min(least, p.Int64())
		}
	}
	return least
}

// sooner is the part of all machines, in percent, that follows earlier than it did.
func sooner(before, after plan.Value) (percent int) {
	for lot := int64(1); lot <= 100; lot++ {
		if startOf(after, lot).Before(startOf(before, lot)) {
			percent++
		}
	}
	return percent
}

// startOf is when the machines of a lot of a hundred follow, zero where at once.
func startOf(rings plan.Value, lot int64) time.Time {
	for _, ring := range rings.Items() {
		if p := ring.Get("percent"); p.Kind() == plan.KindInt && p.Int64() >= lot {
			at, _ := time.Parse(time.RFC3339, ring.Get("start").Text())
			return at
		}
	}
	return time.Time{}
}
