package gateway

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
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

// echo knows how a server might hand back to us what we sent, so that it can be kept
// out of our texts.
type echo struct{ forms []string }

const (
	echoWindow = 12 // a piece of a secret of this length counts as the secret
	echoLeast  = 8  // shorter headers and parameters are no secrets
)

// newEcho knows the key, and the values of the provider's own headers and
// parameters, which may be secrets too.
func newEcho(r Request) echo {
	e := echo{forms(r.Key.Reveal())}
	for _, own := range []map[string]string{r.Header, r.Query} {
		for _, value := range own {
			if len(value) >= echoLeast {
				e.forms = append(e.forms, forms([]byte(value))...)
			}
		}
	}
	return e
}

// forms are a secret as it is and in its usual encodings, in small letters.
func forms(raw []byte) []string {
	if len(raw) == 0 {
		return nil
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
	return forms
}

// in reports whether s holds a secret or a good piece of it, in any usual encoding.
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
		return "(holds what was sent)"
	}
	return plain(s)
}
