package commit

import "strings"

// systemSID is the account that Windows itself, and an MDM's agent, runs as.
const systemSID = "S-1-5-18"

// privateList is the access list, in Windows' own words, of a file for the owner of its
// folder and the system. Who writes it needs it too, where that is somebody else.
func privateList(owner, writer string) string {
	var b strings.Builder
	b.WriteString("D:P(A;;FA;;;SY)")
	for i, sid := range []string{owner, writer} {
		if sid != systemSID && (i == 0 || sid != owner) {
			b.WriteString("(A;;FA;;;" + sid + ")")
		}
	}
	return b.String()
}
