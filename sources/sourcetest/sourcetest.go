// Package sourcetest is what every source has to pass.
package sourcetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/codexform/codexform/sources"
)

// Harness sets a source up.
type Harness struct {
	// Scheme is how its references begin: "env:".
	Scheme string
	// Holding is a source whose place holds exactly these bytes, nil when the place
	// cannot hold them.
	Holding func(t *testing.T, value []byte) sources.Source
	// Missing is a source whose place has nothing.
	Missing func(t *testing.T) sources.Source
}

// Key is a key of good shape.
const Key = "sk-Canary0123456789abcdefGHIJKL"

// Run holds a source to what package sources promises of all of them.
func Run(t *testing.T, h Harness) {
	t.Run("gives the key", h.gives)
	t.Run("refuses what is no key", h.refuses)
	t.Run("says what is missing", h.missing)
	t.Run("may be asked twice", h.twice)
	t.Run("stops when told to", h.stops)
}

func (h Harness) gives(t *testing.T) {
	for _, end := range []string{"", "\n", "\r\n"} {
		s := h.Holding(t, []byte(Key+end))
		if s == nil {
			continue
		}
		got, err := s.Fetch(t.Context())
		if err != nil {
			t.Errorf("key with end %q: %v", end, err)
			continue
		}
		if string(got.Secret.Reveal()) != Key {
			t.Errorf("key with end %q: got another one", end)
		}
		silent(t, got, got.Warnings)
	}
}

func (h Harness) refuses(t *testing.T) {
	for name, c := range map[string]struct{ value, kind string }{
		"nothing":          {"", sources.KindEmpty},
		"a line break":     {"\n", sources.KindEmpty},
		"two line breaks":  {Key + "\n\n", sources.KindShape},
		"two lines":        {Key + "\n" + Key, sources.KindShape},
		"a blank behind":   {Key + " ", sources.KindShape},
		"a blank inside":   {"sk-Canary 0123456789", sources.KindShape},
		"a header's value": {"Bearer " + Key, sources.KindShape},
		"quotes":           {`"` + Key + `"`, sources.KindShape},
		"too short":        {Key[:7], sources.KindShape},
		"too long":         {strings.Repeat(Key, 200), sources.KindShape},
		"an umlaut":        {Key + "ü", sources.KindShape},
		"a NUL":            {Key + "\x00", sources.KindShape},
		"a byte order mark": {
			"\ufeff" + Key, sources.KindShape,
		},
	} {
		s := h.Holding(t, []byte(c.value))
		if s == nil {
			continue
		}
		got, err := s.Fetch(t.Context())
		if err == nil {
			t.Errorf("%s: taken for a key", name)
			continue
		}
		if e := h.proper(t, s, err); e != nil && e.Kind != c.kind && e.Kind != "vault_value" {
			t.Errorf("%s: got kind %q, want %q (%v)", name, e.Kind, c.kind, e)
		}
		silent(t, got, err, fmt.Sprintf("%+v %#v", err, err))
	}
}

func (h Harness) missing(t *testing.T) {
	s := h.Missing(t)
	_, err := s.Fetch(t.Context())
	if err == nil {
		t.Fatal("there is a key where there is none")
	}
	h.proper(t, s, err)
}

func (h Harness) twice(t *testing.T) {
	s := h.Holding(t, []byte(Key))
	ref := s.Ref()
	for range 2 {
		got, err := s.Fetch(t.Context())
		if err != nil || string(got.Secret.Reveal()) != Key {
			t.Errorf("got another answer: %v", err)
		}
	}
	if s.Ref() != ref || !strings.HasPrefix(string(ref), h.Scheme) {
		t.Errorf("the reference is %q and then %q, want one that begins with %q", ref, s.Ref(), h.Scheme)
	}
}

// stops asks with a context that has ended: the answer may be a key that was at
// hand, or an error, but there is one.
func (h Harness) stops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := h.Holding(t, []byte(Key))
	if _, err := s.Fetch(ctx); err != nil {
		h.proper(t, s, err)
	}
}

// proper holds an error to the form that all of them have.
func (h Harness) proper(t *testing.T, s sources.Source, err error) *sources.Error {
	t.Helper()
	var e *sources.Error
	if !errors.As(err, &e) {
		t.Errorf("got %T, want *sources.Error: %v", err, err)
		return nil
	}
	if e.Kind == "" || e.Ref == "" || e.Message == "" {
		t.Errorf("an error without kind, reference or message: %+v", e)
	}
	if first := []rune(e.Message + " ")[0]; unicode.IsUpper(first) && !strings.HasPrefix(e.Message, "Vault") &&
		!strings.HasPrefix(e.Message, "CREDENTIALS_DIRECTORY") || strings.HasSuffix(e.Message, ".") {
		t.Errorf("a message is lower case without a full stop: %q", e.Message)
	}
	return e
}

// silent fails when any of the things, however printed, shows a part of the key.
func silent(t *testing.T, things ...any) {
	t.Helper()
	for _, thing := range things {
		encoded, _ := json.Marshal(thing)
		all := fmt.Appendf(encoded, "%v %+v %#v %s %q", thing, thing, thing, thing, thing)
		for i := 0; i+8 <= len(Key); i++ {
			if bytes.Contains(all, []byte(Key[i:i+8])) {
				t.Errorf("a part of the key shows in %T", thing)
				break
			}
		}
	}
}
