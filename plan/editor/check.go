package editor

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// maxSize and MaxDepth bound what an editor reads: bytes of a file, tables or objects in
// one another.
const (
	maxSize  = 4 << 20
	MaxDepth = 100
)

// Check refuses bytes that must not reach a parser: too many, or no text in UTF-8.
// It is nil for an empty file.
func Check(src []byte) *Error {
	switch nul := bytes.IndexByte(src, 0); {
	case len(src) > maxSize:
		return &Error{Kind: Limit, Message: fmt.Sprintf("larger than %d MiB", maxSize>>20)}
	case bytes.HasPrefix(src, []byte{0xff, 0xfe}), bytes.HasPrefix(src, []byte{0xfe, 0xff}):
		return DamagedAt(src, 0, Encoding, "UTF-16, not UTF-8")
	case nul == 0 && len(bytes.Trim(src, "\x00")) == 0:
		return DamagedAt(src, 0, Syntax, "damaged: nothing but NUL bytes")
	case nul >= 0:
		return DamagedAt(src, nul, Syntax, "damaged: a NUL byte")
	case !utf8.Valid(src):
		return DamagedAt(src, invalidAt(src), Encoding, "not UTF-8")
	}
	return nil
}

func invalidAt(src []byte) int {
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(src)
}
