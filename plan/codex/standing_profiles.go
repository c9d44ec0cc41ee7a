package codex

import (
	"fmt"
	"slices"

	"github.com/codexform/codexform/plan"
)

// under are the keys that cannot be given back because of one profile: Codex would not
// start with what that makes of config.toml.
func (s standing) under(p Profile) []plan.Exception {
	u := s
	u.out, u.profile = nil, &p
	u.before, u.after = overlay(s.before, p.Root), overlay(s.after, p.Root)
	if !s.first.IsAbsent() {
		u.first = overlay(s.first, p.Root)
	}
	for _, n := range needs {
		for _, m := range p.Root.Get(n.table).Members() {
			u.table(plan.Address{n.table, m.Key}, n.keys, n.each)
		}
	}
	if !p.Root.Get("model_provider").IsAbsent() {
		u.selector()
	}
	return u.out
}

func (s *standing) whyTable(a plan.Address) string {
	if p := s.profile; p != nil {
		return fmt.Sprintf("kept: %s has keys in %s too, and codex --profile %s does not start without it", p.Path, a, p.Name)
	}
	if s.isOurs(a, s.after.At(a)) {
		return fmt.Sprintf("kept: Codex refuses %s without it", a)
	}
	return fmt.Sprintf("kept: keys of yours are in %s, and Codex refuses that table without it", a)
}

func (s *standing) whySelected() string {
	if p := s.profile; p != nil {
		return fmt.Sprintf("kept: %s names it, and codex --profile %s does not start without it", p.Path, p.Name)
	}
	return "kept: your model_provider names it, and Codex does not start without it"
}

// keepProvider keeps a provider of ours that somebody selects. What names a credential
// stays only where our key is for that host still: a login of the user's is not.
func (s *standing) keepProvider(table plan.Address) {
	host := plan.HostOf(s.before.At(append(table[:2:2], "base_url")).Text())
	for _, e := range s.ledger.Entries {
		switch {
		case e.File != plan.ConfigFile || !e.Address.HasPrefix(table) || e.Last.IsAbsent():
		case len(e.Address) > 2 && slices.Contains(credentialKeys, e.Address[2]) && (host == "" || host != s.host):
		default:
			s.keep(e.Address, s.whySelected())
		}
	}
}

// credentialKeys are the keys of a provider that have Codex send it a credential.
var credentialKeys = []string{"requires_openai_auth", "env_key", "auth", "gateway_oauth", "env_http_headers", "experimental_bearer_token"}

// keyHost is the host that a plan leaves our key for, "" for none.
func keyHost(p plan.Plan, after plan.Value) string {
	if p.Desired.Provider != nil {
		return plan.HostOf(p.Desired.Provider.BaseURL)
	}
	stays := slices.ContainsFunc(p.File(plan.AuthFile).Changes, func(c plan.Change) bool { return c.Sensitive && c.Action == plan.NoOp })
	if !p.Rollback || !stays {
		return ""
	}
	id := after.Get("model_provider").Text()
	return plan.HostOf(after.At(plan.Address{"model_providers", id, "base_url"}).Text())
}
