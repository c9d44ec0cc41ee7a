package main

import (
	"testing"

	"github.com/codexform/codexform/plan/rollout"
)

const uuid, imaged = "4C4C4544-0042-3510-8052-B2C04F4D5931", "8f1d9a0e4cbb4a3f9e0d6b1f2a3c4d5e"

func TestIdentify(t *testing.T) {
	none := "00000000-0000-0000-0000-000000000000"
	for name, c := range map[string]struct {
		hardware, installed []string
		want                string
	}{
		"hardware":               {[]string{uuid}, []string{imaged}, uuid},
		"an image":               {nil, []string{imaged + "\n"}, imaged + "/lap-7"},
		"all zero falls through": {[]string{none}, []string{imaged}, imaged + "/lap-7"},
		"empty falls through":    {[]string{""}, []string{"", imaged}, imaged + "/lap-7"},
		"a maker's placeholder":  {[]string{"03000200-0400-0500-0006-000700080009"}, []string{"uninitialized\n"}, ""},
		"nothing":                {nil, nil, ""},
	} {
		if got := identify("lap-7", c.hardware, c.installed); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// Copies of one image with names of their own draw lots of their own.
func TestClonesDrawTheirOwnLots(t *testing.T) {
	a, b := identify("lap-7", nil, []string{imaged}), identify("lap-8", nil, []string{imaged})
	if rollout.Lot("17", a) == rollout.Lot("17", b) {
		t.Errorf("both draw %d", rollout.Lot("17", a))
	}
}

// The job of a CI system is no laptop, and neither is a person who quietens his tools one.
func TestInJob(t *testing.T) {
	set := func(name string) func(string) string {
		return func(asked string) string { return map[bool]string{true: "1"}[asked == name] }
	}
	for _, name := range jobs {
		if !inJob(set(name)) {
			t.Errorf("%s is not a job", name)
		}
	}
	if inJob(set("CI")) || inJob(set("")) {
		t.Error("a laptop is a job")
	}
}
