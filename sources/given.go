package sources

import (
	"context"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/codexform/codexform/plan"
)

// Given is a secret that somebody else gets: a policy that is loaded with it asks no
// source of its own, and looks at nothing that its source would look at.
type Given struct {
	Ref, Pinned string // what the policy says of the secret where it is resolved
	Once        bool   // asking spends what it is got with
	Fetch       func(context.Context) (Fetched, error)
}

// given is the Source of a Given.
type given struct{ *Given }

func (s given) Ref() Ref                                   { return Ref(s.Given.Ref) }
func (s given) Fetch(ctx context.Context) (Fetched, error) { return s.Given.Fetch(ctx) }
func (s given) SingleUse() bool                            { return s.Once }

// SecretID is the same for two loads of a policy that ask the same source for the same
// secret, whoever they are for. It is for comparing within a run, and for nobody to see.
func (p *Policy) SecretID() string { return p.secretID }

// Variables are the values of the ${env.NAME} in codex_home, by name.
func (p *Policy) Variables() map[string]string { return p.variables }

// Reads are the files and programs that the policy's source names, as far as it names
// them by a path.
func (p *Policy) Reads() []string {
	s, ok := p.Source.(interface{ reads() []string })
	if !ok {
		return nil
	}
	var out []string
	for _, path := range s.reads() {
		if path != "" {
			out = append(out, path)
		}
	}
	return out
}

func (s asWritten) reads() []string {
	inner, ok := s.Source.(interface{ reads() []string })
	if !ok {
		return nil
	}
	return inner.reads()
}

func (s fileSource) reads() []string       { return []string{s.path} }
func (s fieldSource) reads() []string      { return []string{s.path} }
func (s credentialSource) reads() []string { return []string{s.getenv("CREDENTIALS_DIRECTORY")} }

// reads are the program and the folder that it runs in; its arguments are its own.
func (s commandSource) reads() []string {
	if !strings.ContainsAny(s.argv[0], `/\`) {
		return []string{s.dir}
	}
	if filepath.IsAbs(s.argv[0]) {
		return []string{s.argv[0], s.dir}
	}
	return []string{filepath.Join(s.dir, s.argv[0]), s.dir}
}

func (s vaultSource) reads() []string {
	c := s.config
	return []string{
		c.CACert, c.ClientCert, c.ClientKey,
		c.Auth.Token.File, c.Auth.SecretID.File, c.Auth.JWT.File, c.Auth.Password.File,
	}
}

func (s firstOf) reads() []string {
	var out []string
	for _, one := range s.sources {
		if inner, ok := one.(interface{ reads() []string }); ok {
			out = append(out, inner.reads()...)
		}
	}
	return out
}

var environmentNames = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\$\{env\.([A-Za-z_][A-Za-z0-9_]*)\}`)
})

func (b builder) homeVariables(n *node) map[string]string {
	out := map[string]string{}
	if !strings.Contains(n.text(), "${env.") {
		return out
	}
	for _, match := range environmentNames().FindAllStringSubmatch(n.text(), -1) {
		out[match[1]] = b.getenv(match[1])
	}
	return out
}

// pathLike is what a name must not hold that stands for a user or a machine: it may
// become part of a path.
func pathLike(name, value string) string {
	switch {
	case name != "user" && name != "host":
		return ""
	case strings.Contains(value, "/"):
		return `a "/"`
	case strings.Contains(value, ".."):
		return `".."`
	}
	return ""
}

func (b builder) given(raw *node) (*plan.Wanted, Source) {
	return &plan.Wanted{Ref: b.Given.Ref, Pinned: b.Given.Pinned, Origin: raw.at}, given{b.Given}
}
