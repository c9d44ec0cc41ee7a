// Package export says one policy in the words of other carriers: Codex's own
// requirements file, an Apple configuration profile, the rules of consoles, and the
// other clients of the same gateway. Every function is pure: the same policy gives the
// same bytes, and none of them holds a secret unless one is handed in.
package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"sync"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/tomlfile"
)

// ErrNoProvider says that a policy manages no provider, so that there is nothing to
// export.
var ErrNoProvider = errors.New("the policy names no provider: there is nothing that another carrier could be told")

// Requirements is a requirements.toml that pins the policy's provider: no user's file
// and no flag of Codex chooses another one. Models are not pinned: Codex ignores one
// there.
func Requirements(d plan.Desired) ([]byte, error) {
	if d.Provider == nil {
		return nil, ErrNoProvider
	}
	return render(d, func(s plan.Setting) bool {
		return s.Address.Equal(plan.Address{"model_provider"}) ||
			s.Address.HasPrefix(plan.Address{"model_providers", d.Provider.ID})
	})
}

// configOf is a config.toml of everything that the policy enforces. Defaults, which a
// user may change, are not in it.
func configOf(d plan.Desired) ([]byte, error) {
	return render(d, func(s plan.Setting) bool { return !s.Default })
}

func render(d plan.Desired, wanted func(plan.Setting) bool) ([]byte, error) {
	var edits []tomlfile.Edit
	for _, s := range d.Settings {
		if wanted(s) {
			edits = append(edits, tomlfile.Edit{Address: s.Address, Value: s.Value})
		}
	}
	result, err := tomlfile.Apply(nil, edits)
	if err != nil {
		return nil, err
	}
	return result.Data, everywhere(result.Data)
}

// own are the placeholders that each machine fills in for itself.
var own = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$\{(user|uid|home|host|os)\}`) })

// everywhere refuses what is not the same on every machine: an export reaches them all
// as it is, and nobody fills it in there.
func everywhere(text []byte) error {
	if found := own().Find(text); found != nil {
		return fmt.Errorf("%s is another one on each machine, and what is exported reaches all of them as it is: write the value, or have codexform apply the policy there", found)
	}
	return nil
}

// indented is v as people read JSON, the same bytes every time.
func indented(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic("an export that JSON cannot hold: " + err.Error())
	}
	return b.Bytes()
}
