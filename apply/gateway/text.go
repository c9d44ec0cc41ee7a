package gateway

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"

	"github.com/codexform/codexform/plan"
)

// textMax bounds a text of the server's in our output.
const textMax = 120

// plain is s in printable ASCII on one line, control characters and everything
// else escaped, cut to textMax.
func plain(s string) string {
	cut := len(s) > textMax
	if cut {
		s = s[:textMax]
	}
	s = strconv.QuoteToASCII(s)
	s = s[1 : len(s)-1]
	if cut {
		return s + "..."
	}
	return s
}

// echo knows how a server might hand our key back to us, so that its texts can be
// kept out of ours.
type echo struct{ forms []string }

// echoWindow is the length of a piece of the key that already counts as the key.
const echoWindow = 12

func newEcho(key plan.Secret) echo {
	raw := key.Reveal()
	if len(raw) == 0 {
		return echo{}
	}
	forms := []string{string(raw), hex.EncodeToString(raw)}
	for skip := range 3 {
		// The first and last characters of base64 depend on what stands around the key.
		text := base64.RawStdEncoding.EncodeToString(append(bytes.Repeat([]byte{0}, skip), raw...))
		text = text[min(skip*2, len(text)) : len(text)-1]
		forms = append(forms, text, strings.NewReplacer("+", "-", "/", "_").Replace(text))
	}
	for i, form := range forms {
		forms[i] = strings.ToLower(form)
	}
	return echo{forms}
}

// in reports whether s holds the key or a good piece of it, in any usual encoding.
func (e echo) in(s string) bool {
	s = strings.ToLower(s)
	decoded, err := url.PathUnescape(s)
	return e.inText(s) || err == nil && e.inText(strings.ToLower(decoded))
}

func (e echo) inText(s string) bool {
	for _, form := range e.forms {
		for i := 0; i+min(echoWindow, len(form)) <= len(form); i++ {
			if strings.Contains(s, form[i:i+min(echoWindow, len(form))]) {
				return true
			}
		}
	}
	return false
}

// clean is a text of the server's, fit to be printed.
func (e echo) clean(s string) string {
	if e.in(s) {
		return "(holds the key)"
	}
	return plain(s)
}
