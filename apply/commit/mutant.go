//go:build crashmutant

package commit

import (
	"os"
	"strconv"
)

func init() { exchangeMissing = os.Getenv("CODEXFORM_NO_EXCHANGE") != "" }

var syncs int

// skipSync leaves out the sync with the number in CODEXFORM_SKIP_SYNC, so that the
// crash tests can prove that they would notice.
func skipSync() bool {
	syncs++
	return os.Getenv("CODEXFORM_SKIP_SYNC") == strconv.Itoa(syncs)
}
