package tomlfile

import "strings"

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
	if !strings.Contains(x.text, "<<<") {
		return -1, -1
	}
	name := ""
	for _, u := range x.units() {
		switch l := lineAt(x.text, u.start); {
		case u.kind != "#":
		case strings.HasPrefix(l, "# >>>") && u.start < i:
			start, name = u.start, toolName(l, ">")
		case strings.HasPrefix(l, "# <<<") && name != "" && toolName(l, "<") == name:
			if u.start >= i {
				return start, u.end
			}
			name = ""
		}
	}
	return -1, -1
}

func toolName(line, bracket string) string {
	return strings.Trim(strings.TrimPrefix(line, "#"), " "+bracket)
}

// sectionAt is the section to which a line inserted at i would belong.
func (x *index) sectionAt(i int) int {
	n := 0
	for n+1 < len(x.sections) && x.sections[n+1].start < i {
		n++
	}
	return n
}
