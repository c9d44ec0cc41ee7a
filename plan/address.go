package plan

import (
	"iter"
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
func (a Address) String() string {
	return a.write(func(segment string) bool { return KeySecrecy(segment) > Harmless })
}

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
	var room keyRoom
	return string(a.appendKey(room[:0]))
}

// keyRoom has room for nearly every address's key.
type keyRoom [96]byte

func (a Address) appendKey(key []byte) []byte {
	for _, segment := range a {
		key = appendSegment(key, segment)
	}
	return key
}

// In is what a map from addresses' keys has for an address. It makes no string of it.
func In[V any](m map[string]V, a Address) (V, bool) {
	if len(m) == 0 {
		var none V
		return none, false
	}
	var room keyRoom
	v, there := m[string(a.appendKey(room[:0]))]
	return v, there
}

// UpTo is what a map from addresses' keys has for each table above an address, the
// outermost first, and then for the address, each with its depth.
func UpTo[V any](m map[string]V, a Address) iter.Seq2[int, V] {
	return func(yield func(int, V) bool) {
		var room keyRoom
		key := room[:0]
		for i := 0; i < len(a) && len(m) > 0; i++ {
			key = appendSegment(key, a[i])
			if v, there := m[string(key)]; there && !yield(i+1, v) {
				return
			}
		}
	}
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
