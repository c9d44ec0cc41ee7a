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
	numbers := strings.Split(word, ".")
	if len(numbers) != 3 {
		return Version{}, fmt.Errorf("%q is no Codex version: write it as 0.169.0", text)
	}
	var n [3]int
	for i, p := range numbers {
		var err error
		if n[i], err = strconv.Atoi(p); err != nil || n[i] < 0 {
			return Version{}, fmt.Errorf("%q is no Codex version: write it as 0.169.0", text)
		}
	}
	return Version{n[0], n[1], n[2]}, nil
}

// mustVersion reads a version of our own tables, "" for none.
func mustVersion(text string) Version {
	if text == "" {
		return Version{}
	}
	v, err := ParseVersion(text)
	if err != nil {
		panic(err)
	}
	return v
}

// IsZero reports an unknown version.
func (v Version) IsZero() bool { return v == Version{} }

// Compare orders versions by age.
func (v Version) Compare(w Version) int {
	return cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor), cmp.Compare(v.Patch, w.Patch))
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
