package codex

import (
	"fmt"
	"slices"
	"strings"
)

// Range is the versions of Codex that a policy is for. The zero Range is all.
type Range struct{ low, high bound }

type bound struct {
	version Version
	open    bool // the version itself does not belong to it
}

// ParseRange reads ">=0.142", ">=0.142 <0.165" or "0.171.0".
func ParseRange(text string) (Range, error) {
	var r Range
	for _, word := range strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == ',' }) {
		number := strings.TrimLeft(word, "<>=")
		if strings.Count(number, ".") == 1 {
			number += ".0"
		}
		v, err := ParseVersion(number)
		if err != nil {
			return Range{}, fmt.Errorf(`%q is not a range of Codex versions: write it as ">=0.142" or ">=0.142 <0.165"`, text)
		}
		switch op := strings.TrimSuffix(word, strings.TrimLeft(word, "<>=")); op {
		case ">=", ">":
			r.low = bound{v, op == ">"}
		case "<=", "<":
			r.high = bound{v, op == "<"}
		case "", "=":
			r.low, r.high = bound{version: v}, bound{version: v}
		default:
			return Range{}, fmt.Errorf(`%q is not a range of Codex versions: write it as ">=0.142" or ">=0.142 <0.165"`, text)
		}
	}
	if r == (Range{}) || !r.high.version.IsZero() && r.low.version.Compare(r.high.version) > 0 {
		return Range{}, fmt.Errorf(`%q holds no Codex version: write it as ">=0.142" or ">=0.142 <0.165"`, text)
	}
	return r, nil
}

// Has reports whether a version belongs to the range.
func (r Range) Has(v Version) bool {
	low := v.Compare(r.low.version)
	if !r.low.version.IsZero() && (low < 0 || low == 0 && r.low.open) {
		return false
	}
	high := v.Compare(r.high.version)
	return r.high.version.IsZero() || high < 0 || high == 0 && !r.high.open
}

// Versions are those that the tables can speak of for a range: the lowest one and all
// measured ones; none for the zero Range.
func (r Range) Versions() []Version {
	if r == (Range{}) {
		return nil
	}
	var all []Version
	if !r.low.version.IsZero() && r.Has(r.low.version) {
		all = append(all, r.low.version)
	}
	for _, v := range measured {
		if r.Has(v) && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}
