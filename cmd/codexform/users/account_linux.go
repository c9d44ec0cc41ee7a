package users

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// floor is the first uid that people have.
const floor = 1000

// All are the accounts of people, as the system's own database lists them.
func All(ctx context.Context) ([]Account, error) {
	out, err := ask(ctx, "getent", "passwd")
	if err != nil {
		return nil, err
	}
	var all []Account
	for line := range strings.Lines(out) {
		if a, err := parseAccount(strings.TrimRight(line, "\n")); err == nil && a.person(floor) {
			all = append(all, a)
		}
	}
	return all, nil
}

// FindID is the account of a number.
func FindID(ctx context.Context, uid uint32) (Account, error) {
	out, err := ask(ctx, "getent", "passwd", strconv.FormatUint(uint64(uid), 10))
	if err != nil {
		return Account{}, fmt.Errorf("no account %d here: %w", uid, err)
	}
	line, _, _ := strings.Cut(out, "\n")
	return parseAccount(line)
}

// Find is the account of a name. A directory service need not list what it knows.
func Find(ctx context.Context, name string) (Account, error) {
	if fault := (Account{Name: name, UID: floor}).Fault(); fault != nil {
		return Account{}, fault
	}
	if a, ok := numeric(ctx, name); ok {
		return a, nil
	}
	out, err := ask(ctx, "getent", "passwd", name)
	if unlisted(err) {
		return Account{}, &AccountError{name, fmt.Sprintf("no account %q here", name)}
	}
	if err != nil {
		return Account{}, fmt.Errorf("looking for the account: %w", err)
	}
	line, _, _ := strings.Cut(out, "\n")
	return parseAccount(line)
}

// numeric is the account whose name is a number, where there is one: getent takes it for
// the number of whoever that is.
func numeric(ctx context.Context, name string) (Account, bool) {
	if _, err := strconv.ParseUint(name, 10, 64); err != nil {
		return Account{}, false
	}
	out, _ := ask(ctx, "getent", "passwd")
	for line := range strings.Lines(out) {
		if a, err := parseAccount(strings.TrimRight(line, "\n")); err == nil && a.Name == name {
			return a, true
		}
	}
	return Account{}, false
}

// unlisted reports getent's word for a name that it does not know.
func unlisted(err error) bool {
	var ended *exec.ExitError
	return errors.As(err, &ended) && ended.ExitCode() == 2
}
