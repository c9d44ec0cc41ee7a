package plan

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
)

// Echo knows how others might hand back to us what they were given, so that it can be
// kept out of what we show of their words: secrets as they are and in their usual
// encodings, and good pieces of them. The zero Echo knows nothing.
type Echo struct{ forms []string }

// echoWindow is how long a piece of a secret is that counts as the secret.
const echoWindow = 8

// NewEcho knows some secrets. Shorter ones than a key can be are none.
func NewEcho(secrets ...[]byte) Echo {
	var e Echo
	for _, raw := range secrets {
		if len(raw) >= secretMin {
			e.forms = append(e.forms, forms(raw)...)
		}
	}
	return e
}

// forms are a secret as it is and in its usual encodings, in small letters.
func forms(raw []byte) []string {
	text := string(raw)
	forms := []string{text, hex.EncodeToString(raw)}
	for skip := range 3 {
		// The first and last characters of base64 depend on what stands around the key.
		text := base64.RawStdEncoding.EncodeToString(append(bytes.Repeat([]byte{0}, skip), raw...))
		text = text[min(skip*2, len(text)) : len(text)-1]
		forms = append(forms, text, strings.NewReplacer("+", "-", "/", "_").Replace(text))
	}
	if quoted, err := json.Marshal(text); err == nil {
		forms = append(forms, string(quoted[1:len(quoted)-1]))
	}
	forms = append(forms, url.QueryEscape(text), url.PathEscape(text))
	for i, form := range forms {
		forms[i] = strings.ToLower(form)
	}
	return forms
}

// In reports whether s holds a secret or a good piece of it, in any usual encoding.
func (e Echo) In(s string) bool {
	s = strings.ToLower(s)
	decoded, err := url.PathUnescape(s)
	return e.inText(s) || err == nil && e.inText(strings.ToLower(decoded))
}

func (e Echo) inText(s string) bool {
	for _, form := range e.forms {
		for i := 0; i+min(echoWindow, len(form)) <= len(form); i++ {
			if strings.Contains(s, form[i:i+min(echoWindow, len(form))]) {
				return true
			}
		}
	}
	return false
}

// Mask is s with the words masked that hold a secret or a good piece of it.
func (e Echo) Mask(s string) string {
	if !e.In(s) {
		return s
	}
	words := strings.Split(s, " ")
	for i, word := range words {
		if e.In(word) {
			words[i] = Masked
		}
	}
	if s = strings.Join(words, " "); e.In(s) {
		return Masked // it has blanks of its own
	}
	return s
}
