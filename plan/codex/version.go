package codex

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Version is a version of Codex. The zero Version is an unknown one.
type Version struct{ Major, Minor, Patch int }

// newest is the newest measured version.
var newest = measured[len(measured)-1]

// ParseVersion reads "0.169.0", also the way codex --version prints it, with a
// name in front.
func ParseVersion(text string) (Version, error) {
	text = strings.TrimSpace(text)
	word, _, _ := strings.Cut(text[strings.LastIndexAny(text, " v")+1:], "-")
	var n [3]int
	at := 0
	for number := range strings.SplitSeq(word, ".") {
		value, err := strconv.Atoi(number)
		if at == len(n) || err != nil || value < 0 {
			return Version{}, fmt.Errorf("%q is no Codex version: write it as 0.169.0", text)
		}
		n[at], at = value, at+1
	}
	if at < len(n) {
		return Version{}, fmt.Errorf("%q is no Codex version: write it as 0.169.0", text)
	}
	return Version{n[0], n[1], n[2]}, nil
}

// mustVersion reads a version of our own tables, "" for none.
func mustVersion(text string) Version {
	if text == "" {
		return Version{}
	}
	var n [3]int
	at := 0
	for i := range len(text) {
		if text[i] == '.' {
			at++
		} else {
			n[at] = 10*n[at] + int(text[i]-'0')
		}
	}
	return Version{n[0], n[1], n[2]}
}

// IsZero reports an unknown version.
func (v Version) IsZero() bool { return v == Version{} }

// Compare orders versions by age.
func (v Version) Compare(w Version) int {
	if v.Major != w.Major {
		return cmp.Compare(v.Major, w.Major)
	}
	if v.Minor != w.Minor {
		return cmp.Compare(v.Minor, w.Minor)
	}
	return cmp.Compare(v.Patch, w.Patch)
}

// String is major.minor.patch.
func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch) }

// measuredBy is the version that the tables speak of when v is asked about: an
// unknown version and one that came after the tables is their newest.
func (v Version) measuredBy() Version {
	if v.IsZero() || v.Compare(newest) > 0 {
		return newest
	}
	return v
}

// before is the newest measured version that is older than v.
func (v Version) before() Version {
	var last Version
	for _, m := range measured {
		if m.Compare(v) < 0 {
			last = m
		}
	}
	return last
}
