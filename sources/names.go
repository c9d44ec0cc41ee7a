package sources

import (
	"strings"

	"github.com/codexform/codexform/plan"
)

// about is the beginning of a message about a place: "provider.base_url: ", "" for
// the root. Segments that look like a secret, or like no name at all, are hidden.
func about(path plan.Address) string {
	if len(path) == 0 {
		return ""
	}
	return showPath(path) + ": "
}

func showPath(path plan.Address) string {
	segments := make([]string, len(path))
	for i, segment := range path {
		if segments[i] = showName(segment); segments[i] == segment {
			segments[i] = plan.Address{segment}.String()
		}
	}
	return strings.Join(segments, ".")
}

// showName is a key as messages show it.
func showName(name string) string {
	if len(name) > 64 || plan.LooksSecret(name) || forbiddenIn(name) != "" {
		return "(hidden)"
	}
	return name
}

// nearest is the name that was probably meant, "" when none is near.
func nearest(name string, names []string) string {
	if near := plan.Near(name, names, 1); len(near) > 0 {
		return near[0]
	}
	return ""
}
