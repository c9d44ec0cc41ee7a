package tomlfile

import (
	"sort"
	"strings"
)

// outside moves a place for new lines out of another tool's block, which that
// tool rewrites as a whole:
//
//	# >>> tool >>>
//	…
//	# <<< tool <<<
//
// A header moves below the block. A key moves below it where no header comes
// first, else above it where it does not leave its table, else it stays.
func (x *index) outside(i int, header bool) int {
	start, end := x.toolBlock(i)
	switch {
	case end < 0:
		return i
	case header || x.sectionAt(i) == x.sectionAt(end):
		return end
	case x.sectionAt(i) == x.sectionAt(start):
		return start
	}
	return i
}

// toolBlock is the block of another tool around i; -1, -1 when there is none.
func (x *index) toolBlock(i int) (start, end int) {
	if !x.fenced {
		return -1, -1
	}
	name := ""
	for k := range x.sections {
		for j, u := range x.units(k) {
			at := x.offset(k, j)
			switch l := lineAt(x.text, at); {
			case u.kind != "#":
			case strings.HasPrefix(l, "# >>>") && at < i:
				start, name = at, toolName(l, ">")
			case strings.HasPrefix(l, "# <<<") && name != "" && toolName(l, "<") == name:
				if at >= i {
					return start, x.offset(k, j+1)
				}
				name = ""
			}
		}
	}
	return -1, -1
}

func toolName(line, bracket string) string {
	return strings.Trim(strings.TrimPrefix(line, "#"), " "+bracket)
}

// sectionAt is the section to which a line inserted at i would belong.
func (x *index) sectionAt(i int) int {
	return sort.Search(len(x.sections)-1, func(n int) bool { return x.sections[n+1].start >= i })
}
