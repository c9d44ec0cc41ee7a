package rollout

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"
)

// lots is how finely machines are told apart.
const lots = 10_000

// Lot is a machine's lot for one policy, from 0 to 9,999: the same for the same salt
// and id on every machine and in every version of codexform.
func Lot(salt, id string) int { return int(draw(salt, id) % lots) }

// Offset is a machine's place in a splay: at least 0, less than the splay, and the
// same for the same salt and id.
func Offset(salt, id string, splay time.Duration) time.Duration {
	if splay <= 0 {
		return 0
	}
	return time.Duration(draw("splay\x00"+salt, id) % uint64(splay))
}

func draw(salt, id string) uint64 {
	sum := sha256.Sum256([]byte(salt + "\x00" + strings.ToLower(strings.TrimSpace(id))))
	return binary.BigEndian.Uint64(sum[:8])
}

// UsableID reports whether an id can tell one machine from the next: it is not empty,
// not a placeholder of an image that has not started yet, and not one digit repeated.
func UsableID(id string) bool {
	bare := strings.ToLower(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '\n' || r == '{' || r == '}' {
			return -1
		}
		return r
	}, id))
	if len(bare) < 8 || bare == "uninitialized" {
		return false
	}
	return strings.Trim(bare, bare[:1]) != "" && bare != "03000200040005000006000700080009"
}
