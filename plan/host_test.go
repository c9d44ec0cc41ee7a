package plan_test

import (
	"testing"

	"github.com/codexform/codexform/plan"
)

func TestHostOf(t *testing.T) {
	for base, want := range map[string]string{
		"https://gate.example/v1":             "https://gate.example",
		"HTTPS://Gate.Example:443/v1":         "https://gate.example",
		"https://gate.example:8443/v1/":       "https://gate.example:8443",
		"http://gate.example/v1":              "http://gate.example",
		"http://127.0.0.1:80":                 "http://127.0.0.1",
		"http://[::1]:8080/v1":                "http://[::1]:8080",
		"https://me:secret@gate.example/?k=v": "https://gate.example",
		"https://gate.example./v1":            "https://gate.example.",
		"":                                    "",
		"/v1":                                 "",
		"gate.example/v1":                     "",
		"https://":                            "",
		"https://:443":                        "",
		"http://a b":                          "",
	} {
		if got := plan.HostOf(base); got != want {
			t.Errorf("HostOf(%q) = %q, want %q", base, got, want)
		}
	}
}

// A key's host is remembered with it, and follows it to another one.
func TestRememberHost(t *testing.T) {
	o := plan.Observed{Ledger: plan.Ledger{FingerprintKey: []byte("machine")}}
	for _, base := range []string{"https://a.example/v1", "https://b.example/v1"} {
		d := plan.Desired{
			Delivery: plan.DeliveryAuthJSON, Provider: &plan.Provider{ID: "p", BaseURL: base},
			Secret: &plan.Wanted{Ref: "env:KEY", Value: plan.NewSecret([]byte("sk-host-0123456789"))},
		}
		before := o.Ledger
		o.Ledger = plan.Remember(plan.Make(d, o), o, noNote, noon)
		o.Auth = plan.Auth{Exists: true, Key: d.Secret.Value}
		e, owned := o.Ledger.Find(plan.AuthFile, plan.KeyMember)
		if !owned || e.Host != plan.HostOf(base) {
			t.Errorf("after %s the key belongs to %q", base, e.Host)
		}
		if o.Ledger.Equal(before) {
			t.Errorf("after %s the ledger counts as unchanged", base)
		}
	}
}

func TestDetour(t *testing.T) {
	for base, want := range map[string]bool{
		"https://gate.example":             false,
		"https://gate.example/":            false,
		"https://gate.example/v1":          false,
		"https://gate.example/v1//":        false,
		"https://gate.example/a.b/..c/v1":  false,
		"https://gate.example/%41/v1":      false,
		"https://gate.example/../v1":       true,
		"https://gate.example/a/..":        true,
		"https://gate.example/./v1":        true,
		"https://gate.example//v1":         true,
		"https://gate.example/a//v1":       true,
		"https://gate.example/%2e%2E/v1":   true,
		"https://gate.example/.%2e/v1":     true,
		"https://gate.example/a%2f..%2fv1": true,
		`https://gate.example/a\v1`:        true,
		`https://gate.example\@evil.test/`: true,
		"https://gate.example/a%5Cv1":      true,
	} {
		if got := plan.Detour(base); got != want {
			t.Errorf("Detour(%q) = %v", base, got)
		}
	}
}

func TestNumberHost(t *testing.T) {
	for host, want := range map[string]bool{
		"gate.example": false, "127.0.0.1": false, "::1": false, "1.example": false, "7f": false, "0x7f.example.": false,
		"": false, ".": false, "0x7f.1": true, "127.1": true, "127.1.": true, "127.0.0.1.": true, "017700000001": true, "2130706433": true,
		"0X7F000001": true, "gate.08": true, "fe80::1%eth0": false,
	} {
		if got := plan.NumberHost(host); got != want {
			t.Errorf("NumberHost(%q) = %v", host, got)
		}
	}
}
