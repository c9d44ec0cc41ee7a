// Package access reads Windows' access lists: who may change a file, other than the
// system, its administrators and the owner. It judges the words of a list ("D:P(A;;FA;;;SY)"),
// so that the judgement is the same, and can be tried, on every system.
package access

import (
	"strconv"
	"strings"
)

// The rights by which a file's content or list can be changed, and those by which another
// can be put in its place in a folder.
const (
	readData    = 0x1 // in a folder: its names
	addData     = 0x2 // in a folder: a new file, which replaces none
	appendData  = 0x4
	deleteChild = 0x40
	deleteIt    = 0x10000
	writeList   = 0x40000
	takeIt      = 0x80000
	genericAll  = 0x10000000
	genericWr   = 0x40000000
	genericRd   = 0x80000000

	ofFile   = addData | appendData | deleteIt | writeList | takeIt | genericAll | genericWr
	ofFolder = deleteChild | deleteIt | writeList | takeIt | genericAll
)

// rights are the two-letter words of a list that stand for rights that count here.
var rights = map[string]uint32{
	"FA": 0x1f01ff, "FW": 0x120116, "GA": genericAll, "GW": genericWr, "SD": deleteIt, "WD": writeList, "WO": takeIt,
	"DC": addData, "LC": appendData, "DT": deleteChild, "CC": readData, "FR": 0x120089, "GR": genericRd,
}

// everybody are the accounts that stand for people whom nobody has named.
var everybody = map[string]string{
	"WD": "everyone", "S-1-1-0": "everyone", "AU": "every user who has signed in", "S-1-5-11": "every user who has signed in",
	"BU": "all users", "S-1-5-32-545": "all users", "IU": "every user at the machine", "S-1-5-4": "every user at the machine",
	"AN": "anybody", "S-1-5-7": "anybody", "BG": "guests", "S-1-5-32-546": "guests", "NU": "everybody on the network", "S-1-5-2": "everybody on the network",
	"DU": "all users of the domain",
}

// masters are who owns what belongs to the machine: the system, the administrators, and
// the service that installs Windows itself.
var masters = []string{
	"SY", "S-1-5-18", "BA", "S-1-5-32-544", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
}

// machineOwned reports whether an owner, as an SID or a list's word, is the machine's own.
func machineOwned(owner string) bool {
	for _, m := range masters {
		if owner == m {
			return true
		}
	}
	return false
}

// Changes says who may change a file although nobody has named them, "" for nobody.
// list is a security descriptor in words.
func Changes(list string) string { return who(list, ofFile, crowd) }

// Replaces says who may put another file in the place of any one of a folder.
func Replaces(list string) string { return who(list, ofFolder, crowd) }

// crowd is the name of an account that stands for many, "" for one.
func crowd(account string) string { return everybody[account] }

// who is the first account with a name that a list gives one of some rights.
func who(list string, of uint32, named func(account string) string) string {
	_, entries, found := strings.Cut(list, "D:")
	if !found || strings.HasPrefix(entries, "NO_ACCESS_CONTROL") {
		return everybody["WD"] // a file without a list is open
	}
	if sacl := strings.Index(entries, "S:"); sacl >= 0 && !strings.Contains(entries[:sacl], "(S:") {
		entries = entries[:sacl]
	}
	for entry := range strings.SplitSeq(entries, "(") {
		f := strings.Split(strings.TrimSuffix(entry, ")"), ";")
		if len(f) < 6 || f[0] != "A" && f[0] != "XA" && f[0] != "OA" || hasWord(f[1], "IO") {
			continue // another kind, or for what is made below it only
		}
		if name := named(strings.TrimRight(f[5], ")")); name != "" && mask(f[2])&of != 0 {
			return name
		}
	}
	return ""
}

// hasWord reports a word of two letters among others that nothing separates.
func hasWord(words, word string) bool {
	for ; len(words) >= 2; words = words[2:] {
		if words[:2] == word {
			return true
		}
	}
	return false
}

// mask are the rights that an entry gives.
func mask(text string) uint32 {
	if hex, ok := strings.CutPrefix(text, "0x"); ok {
		n, err := strconv.ParseUint(hex, 16, 32)
		if err != nil {
			return ^uint32(0) // not understood: the worst of it
		}
		return uint32(n)
	}
	var m uint32
	for ; len(text) >= 2; text = text[2:] {
		m |= rights[text[:2]]
	}
	return m
}
