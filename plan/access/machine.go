package access

import (
	"slices"
	"strings"
)

// Lists of what belongs to the machine: the system and its administrators write, users
// read. Entries of a folder are handed down to what is made in it.
const (
	PublicFile   = "O:BAD:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x1200a9;;;BU)"
	PublicFolder = "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)"
)

// Kind is what is judged.
type Kind int

// What lies on the way to a file that the whole machine obeys.
const (
	File   Kind = iota // the file itself
	Folder             // the folder of such files, where a new one counts too
	Above              // a folder above, where no other may take the place of the next
	Volume             // the root of them all, which nobody can move away
)

// Fault is what is wrong with something that the whole machine obeys, in words that go
// after its name, and the arguments of icacls that mend it. "" where nothing is. Accounts
// of trusted, as SIDs, are asked no further.
func Fault(list, owner string, kind Kind, trusted ...string) (fault, fix string) {
	const ours = ` /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F *S-1-5-32-545:(OI)(CI)RX`
	if !machineOwned(owner) && !slices.Contains(trusted, owner) {
		return "belongs to " + account(owner) + ", who could change it for everybody", " /setowner *S-1-5-32-544"
	}
	of := map[Kind]uint32{File: ofFile, Folder: ofFolder | addData | appendData, Above: ofFolder, Volume: ofFolder &^ deleteIt}[kind]
	who := who(list, of, func(account string) string {
		if slices.Contains(trusted, account) {
			return ""
		}
		return stranger(account)
	})
	revoke := " /remove:g " + spelt(who)
	switch {
	case who == "":
		return "", ""
	case kind == Above, kind == Volume:
		return "may be replaced by " + who, revoke
	case kind == Folder:
		return "takes files of " + who, ours + revoke
	}
	return "may be changed by " + who, strings.ReplaceAll(ours, "(OI)(CI)", "") + revoke
}

// spelt is an account as icacls wants it.
func spelt(who string) string {
	for sid, name := range everybody {
		if name == who && strings.HasPrefix(sid, "S-1-") {
			return "*" + sid
		}
	}
	if who == everybody["DU"] {
		return `"Domain Users"`
	}
	return "*" + who
}

func account(owner string) string {
	if owner == "" {
		return "nobody that is known"
	}
	return "the account " + owner
}

// Readable reports that users may read a file, or look into a folder: an entry gives it
// to all of them. That another entry refuses some is not asked.
func Readable(list string) bool {
	return who(list, readData|genericAll|genericRd, func(account string) string {
		switch account {
		case "WD", "S-1-1-0", "AU", "S-1-5-11", "BU", "S-1-5-32-545":
			return everybody[account]
		}
		return ""
	}) != ""
}

// stranger is the name of an account that is neither the machine's own nor an
// administrator's, "" for those: by itself, where it is known by no other.
func stranger(account string) string {
	switch {
	case machineOwned(account), account == "CO", account == "OW", // who owns it is judged by itself
		account == "S-1-3-0", account == "S-1-3-4", account == "LA", account == "DA", account == "EA",
		strings.HasPrefix(account, "S-1-5-21-") && (strings.HasSuffix(account, "-500") || strings.HasSuffix(account, "-512") || strings.HasSuffix(account, "-519")):
		return ""
	case everybody[account] != "":
		return everybody[account]
	}
	return account
}
