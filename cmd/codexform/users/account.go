package users

import (
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
)

// Account is a user of this machine.
type Account struct {
	Name     string
	UID, GID uint32
	Home     string
}

// parseAccount reads a line as passwd(5) has it.
func parseAccount(line string) (Account, error) {
	f := strings.Split(line, ":")
	if len(f) < 7 {
		return Account{}, fmt.Errorf("not an account: %q", line)
	}
	uid, err := strconv.ParseUint(f[2], 10, 32)
	if err != nil {
		return Account{}, fmt.Errorf("not the number of a user: %q", f[2])
	}
	gid, err := strconv.ParseUint(f[3], 10, 32)
	if err != nil {
		return Account{}, fmt.Errorf("not the number of a group: %q", f[3])
	}
	return Account{Name: f[0], UID: uint32(uid), GID: uint32(gid), Home: f[5]}, nil
}

// noID is the number that stands for no user and no group.
const noID = math.MaxUint32

// AccountError is an account in whose name no work is done.
type AccountError struct{ Name, Why string }

func (e *AccountError) Error() string { return e.Why }

// Fault is why no work is done in the name of an account, nil where nothing speaks
// against it. The name becomes a part of paths.
func (a Account) Fault() error {
	switch {
	case a.UID == 0:
		return &AccountError{a.Name, "is root itself: leave --user away"}
	case a.UID == noID || a.GID == noID:
		return &AccountError{a.Name, "the account has the number that stands for none, so nothing runs as it"}
	case a.Name == "" || strings.HasPrefix(a.Name, "-") || strings.Contains(a.Name, "/") || strings.Contains(a.Name, "..") || unseen(a.Name):
		return &AccountError{a.Name, "the name of the account cannot be part of a path"}
	}
	return nil
}

// Homeless is why an account has no home to work in, "" where it may have one. The home
// becomes a part of paths too.
func (a Account) Homeless() string {
	switch {
	case !filepath.IsAbs(a.Home) || filepath.Clean(a.Home) == "/":
		return "the account has no home of its own"
	case strings.Contains(a.Home, "..") || unseen(a.Home):
		return "the home of the account is no plain path"
	}
	return ""
}

func unseen(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar })
}

// person reports an account that --all-users means: one of a person, not of a service,
// of nobody, or of a container.
func (a Account) person(floor uint32) bool {
	return a.UID >= floor && (a.UID < 60001 || a.UID > 65535)
}
