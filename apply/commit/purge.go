package commit

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/codexform/codexform/plan/stall"
)

// HasState reports whether there is a state folder.
func (s *Session) HasState() bool { return s.state != nil }

// StatePath is where the state folder is, or would be.
func (s *Session) StatePath() string { return s.statePath() }

var remembered = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(` + strings.Join([]string{
		regexp.QuoteMeta(ledgerName), regexp.QuoteMeta(historyName) + `(\.damaged-[0-9TZ]+(\.[0-9a-f]{32})?)?`,
		regexp.QuoteMeta(statusName), regexp.QuoteMeta(gitIgnoreName),
	}, "|") + `)$`)
})

// Purge removes the state folder and what this program keeps in it. What else lies there
// stays, and the folder with it: it is named in kept. It needs Lock, after Recover; no
// session can be used after it.
func (s *Session) Purge() (kept []string, err error) {
	defer stall.Enter(stall.Change, "", s.options.Home).Leave()
	names, err := s.names()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", s.state.path, err)
	}
	for _, name := range names {
		switch {
		case name == lockName:
		case remembered().MatchString(name):
			err = s.state.remove(name)
		default:
			kept = append(kept, name)
		}
		if err != nil {
			return kept, fmt.Errorf("removing %s: %w", s.state.path, err)
		}
	}
	if len(kept) > 0 {
		return kept, nil
	}
	in, name, err := s.stateIn()
	if err == nil {
		err = first(s.state.remove(lockName), in.remove(name), in.sync())
	}
	if err != nil {
		return nil, fmt.Errorf("removing %s: %w", s.state.path, err)
	}
	return nil, nil
}
