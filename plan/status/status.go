// Package status is one word about a machine, and how the consoles want to hear it.
//
// A Status says whether a Codex home is as its policy wants it. It is what `codexform
// status` prints, what status.json keeps and what a report reads; it never holds a
// secret, nor a hash of one. A Contract says the same in the dialect of one console:
// what stands on stdout, whether stderr may say anything, and the exit code.
package status

import (
	"strconv"
	"strings"
	"time"
)

// State is the one word.
type State string

// The states. None is a home that codexform manages no more; Skipped is a machine of
// several users, on which there was nobody to do anything for.
const (
	InSync State = "in_sync" // as the policy wants it
	Drift  State = "drift"   // an apply would change something
	Held   State = "held"    // the policy is not for this machine yet: it counts as in sync
	Failed State = "error"   // it could not be found out or done; Code says why
	None   State = "none"
	// Skipped counts as in sync: there is nothing that a remediation could do.
	Skipped State = "skipped"
)

// FormatVersion is the version of status.json's format.
const FormatVersion = "1"

// Status is the state of one Codex home. It is data: what JSON shows of it is
// docs/schema/status.schema.json.
type Status struct {
	FormatVersion string    `json:"format_version"`
	State         State     `json:"state"`
	Code          Code      `json:"code,omitempty"`    // of an error
	Message       string    `json:"message,omitempty"` // of an error, for people
	User          string    `json:"user,omitempty"`    // whose home, where it is another user's
	Home          string    `json:"codex_home"`
	PolicyVersion int64     `json:"policy_version,omitempty"`
	PolicyDigest  string    `json:"policy_digest,omitempty"`
	Changes       []string  `json:"changes"` // addresses that an apply would change
	SecretVersion string    `json:"secret_version,omitempty"`
	Tool          string    `json:"tool_version"`
	Codex         string    `json:"codex_version,omitempty"`
	Ring          string    `json:"ring,omitempty"`
	Reason        string    `json:"reason,omitempty"`    // why it is held
	Opens         time.Time `json:"opens,omitzero"`      // when it is held no more
	FirstSeen     time.Time `json:"first_seen,omitzero"` // when this machine first met the policy
	Applied       int64     `json:"applied_policy_version,omitempty"`
	LastRun       time.Time `json:"last_run,omitzero"`
	LastSuccess   time.Time `json:"last_success,omitzero"`
	Destroyed     bool      `json:"-"` // what drifts is a home from which all was given back
}

// OK reports whether a console may call the machine compliant.
func (s Status) OK() bool { return s.State == InSync || s.State == Held || s.State == Skipped }

// Word is the state as one token: in_sync, drift, held, none, skipped or error:CODE.
func (s Status) Word() string {
	if s.State == Failed {
		return string(Failed) + ":" + string(s.Code)
	}
	return string(s.State)
}

// Line is the state on one line: the word, then what is known of policy, changes,
// ring and opening, each as name=value.
func (s Status) Line() string { return s.lineUntil(s.Opens) }

func (s Status) lineUntil(opens time.Time) string {
	fields := []string{s.Word()}
	add := func(name, value string) {
		if value != "" {
			fields = append(fields, name+"="+token(value))
		}
	}
	if s.PolicyVersion != 0 {
		add("policy", strconv.FormatInt(s.PolicyVersion, 10))
	}
	if n := len(s.Changes); n > 0 && s.State != Failed {
		add("changes", strconv.Itoa(n))
	}
	if s.State == Held {
		add("ring", s.Ring)
		if !opens.IsZero() {
			add("opens", opens.UTC().Format(time.RFC3339))
		}
	}
	return strings.Join(fields, " ")
}

// token is text as one token without a space, a control character or a bracket.
func token(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("._=:+-", r):
			return r
		}
		return '_'
	}, text)
}

// Worst is the state that stands for several homes of one machine: an error before
// drift, before held, before in sync. It is the first of the worst, and false for none.
func Worst(all []Status) (Status, bool) {
	worst, found := Status{}, false
	for _, s := range all {
		if !found || s.weight() > worst.weight() {
			worst, found = s, true
		}
	}
	return worst, found
}

func (s Status) weight() int {
	switch s.State {
	case Failed:
		return 4
	case Drift:
		return 3
	case Held:
		return 2
	case InSync:
		return 1
	}
	return 0
}
