package plan

import (
	"slices"
	"strconv"
	"strings"
)

// Address names one setting: the decoded segments from the root of its file
// down, as in {"model_providers", "OpenAI", "base_url"}. Addresses compare segment
// by segment; how one is spelt in a file (bare, quoted, escaped) does not count.
type Address []string

// String is the address in TOML's dotted form, with quotes only around segments that need
// them. It is what plans print. A segment that is a secret itself, pasted where a name
// belongs, is masked: TOML has it.
func (a Address) String() string { return a.write(LooksSecret) }

// TOML is the address as a file spells it, whatever is in it.
func (a Address) TOML() string { return a.write(func(string) bool { return false }) }

func (a Address) write(hidden func(string) bool) string {
	var b strings.Builder
	for i, segment := range a {
		if i > 0 {
			b.WriteByte('.')
		}
		switch {
		case hidden(segment):
			b.WriteString(Masked)
		case bareKey(segment):
			b.WriteString(segment)
		default:
			b.WriteString(Quote(segment))
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
	var room [96]byte
	key := room[:0]
	for _, segment := range a {
		key = appendSegment(key, segment)
	}
	return string(key)
}

// appendSegment adds one more segment to an address's Key.
func appendSegment(key []byte, segment string) []byte {
	return append(append(strconv.AppendInt(key, int64(len(segment)), 10), ':'), segment...)
}

// Compare orders addresses segment by segment, a table before what is below it.
func (a Address) Compare(b Address) int { return slices.Compare(a, b) }

func bareKey(s string) bool {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-') {
			return false
		}
	}
	return s != ""
}
