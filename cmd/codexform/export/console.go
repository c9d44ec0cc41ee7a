package export

import (
	"fmt"
	"strings"

	"github.com/codexform/codexform/plan"
)

// moreInfo is what a console links to.
const moreInfo = "https://github.com/codexform/codexform"

type intuneRule struct {
	SettingName        string
	Operator           string
	DataType           string
	Operand            any
	MoreInfoUrl        string //nolint:revive // Intune spells it so
	RemediationStrings []intuneText
}

type intuneText struct {
	Language    string
	Title       string
	Description string
}

// IntuneRules is the rules file of Intune's custom compliance: what the line of
// `codexform status --contract intune-compliance` must say. A version of 0 asks for
// none.
func IntuneRules(version int64) []byte {
	rules := []intuneRule{{
		"CodexInSync", "IsEquals", "Boolean", true, moreInfo,
		[]intuneText{{"en_US", "Codex is not set up as the policy wants it", "Run codexform plan to see what differs, and codexform apply to change it."}},
	}}
	if version > 0 {
		rules = append(rules, intuneRule{
			"CodexPolicyVersion", "GreaterEquals", "Int64", version, moreInfo,
			[]intuneText{{"en_US", "The Codex policy on this machine is an old one", fmt.Sprintf("Bring policy version %d to the machine, then run codexform apply.", version)}},
		})
	}
	return indented(struct{ Rules []intuneRule }{rules})
}

// FleetGitOps is a part of Fleet's GitOps YAML: a policy over status.json, the script
// that it runs where it fails, and the profile.
func FleetGitOps(d plan.Desired, version int64) ([]byte, error) {
	if d.Provider == nil {
		return nil, ErrNoProvider
	}
	if err := everywhere([]byte(d.Provider.Name)); err != nil {
		return nil, err
	}
	version = max(version, 0)
	var b strings.Builder
	fmt.Fprintf(&b, `policies:
  - name: Codex is set up for %[1]s
    platform: darwin,linux,windows
    description: codexform keeps the Codex home of every user as the policy wants it.
    resolution: Run codexform plan to see what differs, and codexform apply to change it.
    query: >-
      SELECT 1 WHERE EXISTS (%[2]s)
      AND NOT EXISTS (%[2]s AND value NOT IN ('in_sync', 'held'));
    run_script:
      path: ./codexform-apply.sh
`, plainText(d.Provider.Name), states)
	if version > 0 {
		fmt.Fprintf(&b, `  - name: The Codex policy is version %[1]d or newer
    platform: darwin,linux,windows
    description: status.json names the policy_version that was looked at last.
    resolution: Bring the new policy to the machine, then run codexform apply.
    query: >-
      SELECT 1 WHERE NOT EXISTS (%[2]s AND CAST(value AS INTEGER) < %[1]d);
`, version, strings.Replace(states, "'state'", "'policy_version'", 1))
	}
	b.WriteString(`controls:
  scripts:
    - path: ./codexform-apply.sh
  apple_settings:
    configuration_profiles:
      - path: ./codex.mobileconfig
`)
	return []byte(b.String()), nil
}

// states reads every user's and the machine's own status.json.
const states = `SELECT value FROM parse_json WHERE (path LIKE '/home/%/.codex/.codexform/status.json'
      OR path LIKE '/Users/%/.codex/.codexform/status.json' OR path LIKE 'C:\Users\%\.codex\.codexform\status.json'
      OR path IN ('/var/lib/codexform/status.json', '/Library/Application Support/codexform/status.json', 'C:\ProgramData\codexform\status.json'))
      AND fullkey = 'state'`

// plainText is text that YAML reads as itself in the middle of a plain line.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(" ._-", r):
			return r
		}
		return '_'
	}, s)
}
