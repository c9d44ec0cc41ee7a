package sources_test

import (
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/sources"
)

const rolloutPolicy = `version: 1
model: x
policy_version: 17
rollout:
  rings:
    - {name: ten, percent: 10, start: 2026-11-24T09:00:00Z}
    - {name: all, percent: 100, start: 2026-11-26T09:00:00Z}
  window: {from: "22:00", to: "06:00", days: [fri], zone: UTC, deadline: 7d}
  splay: 30m
`

func TestRolloutIsRead(t *testing.T) {
	p := load(t, rolloutPolicy)
	r := p.Rollout
	if p.Version != 17 || len(r.Rings) != 2 || r.Rings[0].Percent != 10 || r.Splay != 30*time.Minute ||
		!r.Rings[1].Start.Equal(time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)) ||
		r.Window.String() != "fri 22:00-06:00 UTC" || r.Window.Deadline != 7*24*time.Hour {
		t.Errorf("got %d %+v %+v", p.Version, r, r.Window)
	}
}

// Widening a ring is no other policy: its salt, where it has no version, stays.
func TestRolloutIsNotInTheDigest(t *testing.T) {
	a := load(t, rolloutPolicy)
	b := load(t, strings.Replace(rolloutPolicy, "percent: 10,", "percent: 20,", 1))
	c := load(t, strings.Replace(rolloutPolicy, "policy_version: 17", "policy_version: 18", 1))
	if a.Desired.Digest != b.Desired.Digest || a.Desired.Digest == c.Desired.Digest {
		t.Errorf("digests: %s, wider %s, next version %s", a.Desired.Digest, b.Desired.Digest, c.Desired.Digest)
	}
}

func TestRequires(t *testing.T) {
	const policy = "version: 1\nrequires: \">=0.3\"\nmodel: x\nnew_key: 1\n"
	for version, want := range map[string]string{
		"0.2.9":         "codex.yaml:2:11: requires: this policy wants codexform >=0.3, and this is 0.2.9",
		"v0.3.0-rc1":    "codex.yaml:4:1: new_key: unknown key",
		"1.0.0":         "codex.yaml:4:1: new_key: unknown key",
		"(devel)":       "codex.yaml:4:1: new_key: unknown key",
		"":              "codex.yaml:4:1: new_key: unknown key",
		"v0.0.0-2026-x": "codex.yaml:2:11: requires: this policy wants",
	} {
		w := world(t, map[string]string{"codex.yaml": policy}, nil)
		w.Version = version
		_, err := sources.Load(w, []string{"codex.yaml"})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "codex.yaml:") != 1 {
			t.Errorf("version %q: got %v, want only %q", version, err, want)
		}
	}
}
