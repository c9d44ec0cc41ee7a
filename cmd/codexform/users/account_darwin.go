package users

import (
	"context"
	"fmt"
	"os/user"
	"strconv"
	"strings"
)

// floor is the first uid that people have.
const floor = 500

// All are the accounts of people that the local directory lists.
func All(ctx context.Context) ([]Account, error) {
	out, err := ask(ctx, "dscl", "/Local/Default", "-list", "/Users", "UniqueID")
	if err != nil {
		return nil, err
	}
	var all []Account
	for line := range strings.Lines(out) {
		words := strings.Fields(line)
		if len(words) != 2 || strings.HasPrefix(words[0], "_") {
			continue
		}
		if uid, err := strconv.ParseUint(words[1], 10, 32); err != nil || uid < floor {
			continue
		}
		if a, err := Find(ctx, words[0]); err == nil && a.person(floor) {
			all = append(all, a)
		}
	}
	return all, nil
}

// FindID is the account of a number.
func FindID(_ context.Context, uid uint32) (Account, error) {
	u, err := user.LookupId(strconv.FormatUint(uint64(uid), 10))
	if err != nil {
		return Account{}, fmt.Errorf("no account %d here: %w", uid, err)
	}
	return parseAccount(strings.Join([]string{u.Username, "", u.Uid, u.Gid, "", u.HomeDir, ""}, ":"))
}

// Find is the account of a name, as the system's directory knows it.
func Find(_ context.Context, name string) (Account, error) {
	if fault := (Account{Name: name, UID: floor}).Fault(); fault != nil {
		return Account{}, fault
	}
	u, err := user.Lookup(name)
	if err != nil {
		return Account{}, &AccountError{name, fmt.Sprintf("no account %q here", name)}
	}
	return parseAccount(strings.Join([]string{u.Username, "", u.Uid, u.Gid, "", u.HomeDir, ""}, ":"))
}
