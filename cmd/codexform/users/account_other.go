//go:build !linux && !darwin

package users

import (
	"context"
	"errors"
)

// errSystem is a system on which no other user's work can be done yet.
var errSystem = errors.New("working for other users is not there on this system yet; run it as each user, from a logon task")

// All are the accounts of people.
func All(context.Context) ([]Account, error) { return nil, errSystem }

// Find is the account of a name.
func Find(context.Context, string) (Account, error) { return Account{}, errSystem }

// Privileged reports whether this process may work for others.
func Privileged() bool { return true } // so that what is said is errSystem

func (*Crew) start(Account, []string) (*child, error) { return nil, errSystem }

func (c *child) terminate() {}
func (c *child) kill()      {}

// FindID is the account of a number.
func FindID(context.Context, uint32) (Account, error) { return Account{}, errSystem }

// Owner is the number of the user whom a folder belongs to.
func Owner(string) (uid uint32, known bool) { return 0, false }
