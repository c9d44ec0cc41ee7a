package plan

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Secret holds a key and shows it to nobody: every verb of fmt, every encoder and
// slog print a mask, also when the Secret sits in an unexported field of another
// struct (the value is behind a closure, which reflection cannot look into). The
// zero Secret holds nothing. Copies share one value.
type Secret struct{ reveal func() []byte }

const secretMask = "(secret)"

// Bounds of a key, in bytes.
const (
	secretMin = 8
	secretMax = 4096
)

// ParseSecret makes a Secret of what a source gave, and is the only place that
// judges its shape: one final newline is cut, then it must be 8 to 4096 printable
// ASCII characters without spaces, quotes around it, or a "Bearer " in front. The
// error names what is wrong and where, never the value. An empty text is ErrNoSecret.
func ParseSecret(raw []byte) (Secret, error) {
	s := strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r")
	if s == "" {
		return Secret{}, ErrNoSecret
	}
	if what := encoding(s); what != "" {
		return Secret{}, fmt.Errorf("the secret is not plain text: %s; save it as ASCII (in PowerShell: Set-Content -Encoding ascii)", what)
	}
	if len(s) > 7 && strings.EqualFold(s[:7], "bearer ") {
		return Secret{}, errors.New(`the secret starts with "Bearer ": give the key alone`)
	}
	for i := range len(s) {
		if c := s[i]; c < '!' || c > '~' {
			return Secret{}, fmt.Errorf("the secret has a %s at byte %d of %d: a key is one line of printable ASCII without spaces", byteName(c), i+1, len(s))
		}
	}
	if q := s[0]; len(s) > 1 && (q == '"' || q == '\'' || q == '`') && s[len(s)-1] == q {
		return Secret{}, errors.New("the secret has quotes around it: give the key alone")
	}
	if s[0] == '{' && s[len(s)-1] == '}' {
		return Secret{}, errors.New("the secret is a JSON object: give the key in it alone, by its field")
	}
	if len(s) < secretMin || len(s) > secretMax {
		return Secret{}, fmt.Errorf("the secret is %d bytes long: a key has %d to %d", len(s), secretMin, secretMax)
	}
	return NewSecret([]byte(s)), nil
}

// encoding names an encoding that an editor, or PowerShell's >, has put on a key.
func encoding(s string) string {
	switch {
	case strings.HasPrefix(s, "\xff\xfe"), strings.HasPrefix(s, "\xfe\xff"),
		len(s) > 3 && (s[0] == 0 && s[2] == 0 || s[1] == 0 && s[3] == 0):
		return "it is UTF-16"
	case strings.HasPrefix(s, "\xef\xbb\xbf"):
		return "it starts with a byte order mark"
	}
	return ""
}

// ErrNoSecret says that a source answered with nothing at all.
var ErrNoSecret = errors.New("the secret is empty")

func byteName(c byte) string {
	switch {
	case c == ' ':
		return "space"
	case c == '\n' || c == '\r':
		return "line break"
	case c == '\t':
		return "tab"
	case c >= 0x80:
		return "character that is not ASCII"
	}
	return "control character"
}

// NewSecret makes a Secret of any bytes, unchecked: for values read from the
// disk. It copies b.
func NewSecret(b []byte) Secret {
	own := append([]byte{}, b...)
	return Secret{reveal: func() []byte { return own }}
}

// Known reports whether there is a value, the empty one included.
func (s Secret) Known() bool { return s.reveal != nil }

// Reveal gives a copy of the value, nil when there is none. Callers write it to
// auth.json or into an Authorization header, and nowhere else.
func (s Secret) Reveal() []byte {
	if s.reveal == nil {
		return nil
	}
	return append([]byte{}, s.reveal()...)
}

// Equal reports whether both hold the same value, or both none, in constant time.
func (s Secret) Equal(t Secret) bool {
	if s.Known() != t.Known() {
		return false
	}
	return !s.Known() || subtle.ConstantTimeCompare(s.reveal(), t.reveal()) == 1
}

// Fingerprint is an HMAC-SHA-256 of the value under key, cut to 128 bits, in
// hex: equal for equal values on one machine, worth nothing on another. It is
// empty when there is no value or no key.
func (s Secret) Fingerprint(key []byte) string {
	if !s.Known() || len(key) == 0 {
		return ""
	}
	m := hmac.New(sha256.New, key)
	m.Write(s.reveal())
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// Format prints the mask for every verb and flag.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, secretMask) }

// String is the mask.
func (s Secret) String() string { return secretMask }

// GoString is the mask.
func (s Secret) GoString() string { return secretMask }

// LogValue is the mask.
func (s Secret) LogValue() slog.Value { return slog.StringValue(secretMask) }

// MarshalText keeps the secret out of JSON, as out of XML and YAML: what is written is the mask.
func (s Secret) MarshalText() ([]byte, error) { return []byte(secretMask), nil }

// MarshalYAML is the mask.
func (s Secret) MarshalYAML() (any, error) { return secretMask, nil }

// GobEncode refuses: a Secret is not for storing.
func (s Secret) GobEncode() ([]byte, error) { return nil, errors.New("a secret cannot be encoded") }
