package sources

import (
	"regexp"
	"sync"
)

var versionRange = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^((>=|>|<=|<|=)?[0-9]+\.[0-9]+(\.[0-9]+)?)([ ,]+(>=|>|<=|<|=)?[0-9]+\.[0-9]+(\.[0-9]+)?)*$`)
})

// codexVersions wants a range of Codex versions: ">=0.142 <0.165".
func codexVersions(n *node) Problem {
	if !versionRange().MatchString(n.text()) {
		return Problem{Message: "must name the Codex versions that will read the files", Fix: `for example ">=0.142" or ">=0.142 <0.165"`}
	}
	return Problem{}
}
