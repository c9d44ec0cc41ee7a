package mdm

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// figure writes the page, where MDM names it.
func figure(t *testing.T, rows []string, took time.Duration) {
	path := os.Getenv("MDM")
	if path == "" || t.Failed() {
		return
	}
	page := fmt.Sprintf(head, fleet, took.Seconds()) + strings.Join(rows, "\n") + "\n" + rest
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}

const head = `# A profile, from the program to fifty Macs

Written by ` + "`make mdm`" + `: NanoMDM 0.9.0 runs in the test's process, with its own check of certificates; %d Macs are simulated, each enrols with a
certificate of its own, polls, and does what Apple's documents say a Mac does with a profile. %.1f s in all.

| step | Macs as they should be | refused by each |
|---|---|---|
`

const rest = `
*As they should be*: one profile, and the managed preferences of ` + "`com.openai.codex`" + ` are exactly what ` + "`codexform export requirements`" + ` prints for that
policy, and nothing else.

Both forms of payload are read alike by howett.net/plist 1.0.1, micromdm/plist 0.2.2 and plistutil (Debian's libplist-utils), in XML, as
the binary that plistutil makes of it, and back. plistutil ends with 0 on a broken file too: what it prints decides, and the test shows that it
prints something.

Not shown: a real Mac, and so whether ` + "`cfprefsd`" + ` hands the plain form to Codex as it does the form of ManagedClient; signing; any console.
`
