package plan

import (
	"slices"
	"strconv"
	"strings"
)

// Address names one setting: the decoded key parts from the root of its file
// down, as in {"model_providers", "OpenAI", "base_url"}. Addresses compare part
// by part; how a part is spelt in a file (bare, quoted, escaped) is no part of it.
type Address []string

// String is the address in TOML's dotted form, with quotes only around parts
// that need them. It is what plans print and what people may write back.
func (a Address) String() string {
	var b strings.Builder
	for i, part := range a {
		if i > 0 {
			b.WriteByte('.')
		}
		if bareKey(part) {
			b.WriteString(part)
		} else {
			b.WriteString(Quote(part))
		}
	}
	return b.String()
}

// Equal reports whether both addresses name the same setting.
func (a Address) Equal(b Address) bool { return slices.Equal(a, b) }

// HasPrefix reports whether a is p or lies below it.
func (a Address) HasPrefix(p Address) bool {
	return len(a) >= len(p) && slices.Equal(a[:len(p)], p)
}

// Key is a text that is equal for equal addresses only: a map key.
func (a Address) Key() string {
	var b strings.Builder
	for _, part := range a {
		b.WriteString(strconv.Itoa(len(part)))
		b.WriteByte(':')
		b.WriteString(part)
	}
	return b.String()
}

// Compare orders addresses part by part, a table before what is below it.
func (a Address) Compare(b Address) int { return slices.Compare(a, b) }

func bareKey(s string) bool {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-') {
			return false
		}
	}
	return s != ""
}
