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
	if len(name) > 64 || mayHoldSecret(name) || forbiddenIn(name) != "" {
		return "(hidden)"
	}
	return name
}

// nearest is the name that was probably meant, "" when none is near.
func nearest(name string, names []string) string {
	best, bestDistance := "", len(name)/3+1
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return n
		}
		if d := distance(name, n); d < bestDistance {
			best, bestDistance = n, d
		}
	}
	return best
}

// distance counts the edits between two names: a letter more, less, changed, or two
// swapped.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		rows[2][0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(rows[1][j]+1, rows[2][j-1]+1, rows[1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[0][j-2]+1)
			}
			rows[2][j] = d
		}
		rows[0], rows[1], rows[2] = rows[1], rows[2], rows[0]
	}
	return rows[1][len(b)]
}
