package gateway

import (
	"strconv"

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

// echo knows how a server might hand back to us what we sent, so that it can be kept
// out of our texts.
type echo struct{ plan.Echo }

// newEcho knows the key, and the values of the provider's own headers and
// parameters, which may be secrets too.
func newEcho(r Request) echo {
	sent := [][]byte{r.Key.Reveal()}
	for _, own := range []map[string]string{r.Header, r.Query} {
		for _, value := range own {
			sent = append(sent, []byte(value))
		}
	}
	return echo{plan.NewEcho(sent...)}
}

// clean is a text of the server's, fit to be printed.
func (e echo) clean(s string) string {
	if e.In(s) {
		return "(holds what was sent)"
	}
	return plain(s)
}
