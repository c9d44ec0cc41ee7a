package codex

import (
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// reserved are the ids of Codex's own providers that config.toml may not define again. The
// case counts.
var reserved = []string{"openai", "ollama", "lmstudio"}

// broughtAlong are the others that Codex brings along, each from its first measured version
// on, and the keys that config.toml may change of them. The newest of an id stands first.
var broughtAlong = []struct {
	id    string
	since Version
	keys  []string
}{
	{"gcp", Version{0, 165, 0}, []string{"base_url", "auth", "http_headers", "project_id", "location", "credential_file"}},
	{"amazon-bedrock-runtime", Version{0, 148, 0}, []string{"base_url", "auth", "http_headers", "aws"}},
	{"amazon-bedrock", Version{0, 145, 0}, []string{"base_url", "auth", "http_headers", "aws"}},
	{"amazon-bedrock", Version{0, 124, 0}, []string{"aws"}},
}

// bringsAlong reports a provider that a version has without config.toml, and the keys of
// it that may be changed.
func bringsAlong(id string, v Version) (keys []string, ok bool) {
	for _, p := range broughtAlong {
		if p.id == id && v.measuredBy().Compare(p.since) >= 0 {
			return p.keys, true
		}
	}
	return nil, slices.Contains(reserved, id)
}

// builtins are the ids of all of them.
func builtins(v Version) []string {
	ids := slices.Clone(reserved)
	for _, p := range broughtAlong {
		if _, ok := bringsAlong(p.id, v); ok && !slices.Contains(ids, p.id) {
			ids = append(ids, p.id)
		}
	}
	return ids
}

// awsGuarded is the first measured version that minds where aws stands.
var awsGuarded = Version{0, 124, 0}

// guarded finds what cannot be changed of the providers that Codex brings along, and aws
// on any other.
func (f *finder) guarded(a plan.Address, entry plan.Value) {
	keys, _ := bringsAlong(a[1], f.Version)
	if keys == nil {
		if f.Version.measuredBy().Compare(awsGuarded) >= 0 {
			f.apart(append(slices.Clone(a), "aws"), entry.Get("aws"), fmt.Sprintf("aws is for amazon-bedrock and amazon-bedrock-runtime, not for %s", a[1]))
		}
		return
	}
	for _, m := range entry.Members() {
		if !slices.Contains(keys, m.Key) && !unchanged(m) {
			f.apart(append(slices.Clone(a), m.Key), m.Value, fmt.Sprintf("the provider %s is Codex's own, and %s of it cannot be changed", a[1], m.Key))
		}
	}
}

// unchanged reports what such a provider says anyway.
func unchanged(m plan.Member) bool {
	switch m.Key {
	case "name":
		return m.Value.Text() == ""
	case "wire_api":
		return m.Value.Text() == "responses"
	}
	return m.Value.Kind() == plan.KindBool && !m.Value.True()
}

// The first measured versions that mind the program which renews a login to AWS, one
// beside a profile, and whether a file of credentials is named from the root on.
var (
	renewsByAWS   = Version{0, 150, 0}
	exportsApart  = Version{0, 155, 0}
	credentialsAt = Version{0, 166, 0}
)

// clouds finds what the keys for AWS and Google do not take.
func (f *finder) clouds(a plan.Address, entry plan.Value) {
	below := func(names ...string) plan.Address { return append(slices.Clone(a), names...) }
	v, aws := f.Version.measuredBy(), entry.Get("aws")
	if aws.Kind() == plan.KindTable && v.Compare(awsGuarded) >= 0 && f.knows(below("auth")...) {
		f.apart(below("auth"), entry.Get("auth"), "aws does not go together with auth")
	}
	if v.Compare(exportsApart) >= 0 && !aws.Get("credential_export").IsAbsent() {
		f.apart(below("aws", "profile"), aws.Get("profile"), "credential_export does not go together with a profile of AWS")
	}
	if command := aws.Get("auth_refresh").Get("command"); v.Compare(renewsByAWS) >= 0 && command.Kind() == plan.KindString && command.Text() != "aws" {
		f.stop(below("aws", "auth_refresh", "command"), "Codex does not start: the command of auth_refresh has to be aws", `set it to "aws" and give it args`)
	}
	if path := entry.Get("credential_file"); a[1] == "gcp" && v.Compare(credentialsAt) >= 0 && path.Kind() == plan.KindString && !strings.HasPrefix(path.Text(), "/") && !windowsPath(path.Text()) {
		f.stop(below("credential_file"), "Codex does not start: credential_file is no absolute path", "write it from the root on")
	}
}
