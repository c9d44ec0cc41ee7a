package sources

import (
	"strings"

	"github.com/codexform/codexform/plan"
)

// about is the beginning of a message about a place: "provider.base_url: ", "" for
// the root. Parts that look like a secret, or like no name at all, are hidden.
func about(path plan.Address) string {
	if len(path) == 0 {
		return ""
	}
	return showPath(path) + ": "
}

func showPath(path plan.Address) string {
	parts := make([]string, len(path))
	for i, part := range path {
		if parts[i] = showName(part); parts[i] == part {
			parts[i] = plan.Address{part}.String()
		}
	}
	return strings.Join(parts, ".")
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
