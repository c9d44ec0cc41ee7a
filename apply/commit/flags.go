package commit

// The flags of macOS, and of the BSDs, with which nobody replaces a file: its owner's, and
// those that only root may set.
const (
	userImmutable   = 0x2
	userAppend      = 0x4
	systemImmutable = 0x20000
	systemAppend    = 0x40000
)

// flagMark says of flags why a file stays as it is, and what lifts that; nothing where it
// need not.
func flagMark(flags uint32) (mark, fix string) {
	switch {
	case flags&systemImmutable != 0:
		return "is locked by root (schg)", "sudo chflags noschg"
	case flags&systemAppend != 0:
		return "may only grow, by root's word (sappnd)", "sudo chflags nosappnd"
	case flags&userImmutable != 0:
		return "is locked (uchg)", "chflags nouchg"
	case flags&userAppend != 0:
		return "may only grow (uappnd)", "chflags nouappnd"
	}
	return "", ""
}
