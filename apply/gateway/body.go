package gateway

import "io"

// limited reads at most max bytes, fails on the next, and remembers the failure of
// the connection, which the JSON decoder would hide.
type limited struct {
	r   io.Reader
	max int64
	err error

	// State of fold.
	quoted, escaped, blank bool
	value                  int
}

func (b *limited) Read(p []byte) (int, error) {
	for b.err == nil {
		n, err := b.r.Read(p)
		b.max -= int64(n)
		switch n = b.fold(p[:n]); {
		case b.max < 0:
			b.err = errTooLarge
		case b.value > valueBytes:
			b.err = errTooLong
		default:
			b.err = err
		}
		if n > 0 {
			return n, b.err
		}
	}
	return 0, b.err
}

// fold makes every run of blanks between values one blank, in place, and counts the
// length of the value that it is in: the decoder holds both in memory until their
// end. It gives the new length.
func (b *limited) fold(p []byte) int {
	kept := p[:0]
	for _, c := range p {
		wasBlank := b.blank
		b.blank = false
		switch {
		case b.quoted:
			b.quoted = c != '"' || b.escaped
			b.escaped = c == '\\' && !b.escaped
		case c == '"':
			b.quoted, b.value = true, 0
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			if b.blank = true; wasBlank {
				continue
			}
			b.value = 0
		case c == ',' || c == ':' || c == '{' || c == '}' || c == '[' || c == ']':
			b.value = 0
		}
		b.value++
		kept = append(kept, c)
	}
	return len(kept)
}

// failure is what broke the reading, nil where the body came to its end.
func (b *limited) failure() error {
	if b.err == io.EOF {
		return nil
	}
	return b.err
}
