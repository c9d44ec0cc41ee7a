package users

import (
	"bufio"
	"context"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func systemAccounts(t *testing.T) []Account {
	f, err := os.Open("/etc/passwd")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []Account
	for s := bufio.NewScanner(f); s.Scan(); {
		if a, err := parseAccount(s.Text()); err == nil && a.Fault() == nil && a.Homeless() == "" {
			all = append(all, a)
		}
	}
	if len(all) < 3 {
		t.Fatalf("only %d accounts in /etc/passwd", len(all))
	}
	return all
}

// What is said of many accounts at a time is what is said of each alone.
func TestGroupsTogether(t *testing.T) {
	accounts := systemAccounts(t)
	for len(accounts) <= together {
		accounts = append(accounts, accounts...)
	}
	accounts = accounts[:together+1] // more than are asked about at a time
	crew, alone := Gather(accounts), Gather(nil)
	for _, a := range accounts {
		got, err := crew.groups(context.Background(), a)
		want, err2 := alone.groups(context.Background(), a)
		if err != nil || err2 != nil || !cmp.Equal(want, got) || got[0] != a.GID {
			t.Errorf("%s: together %v, %v; alone %v, %v", a.Name, got, err, want, err2)
		}
	}
	b := crew.batches[accounts[0].Name]
	if len(b.known) != len(b.names) && os.Getenv("CI") != "" { // an id that takes one name only
		t.Errorf("%d accounts are known of %d that were asked about", len(b.known), len(b.names))
	}
}

// An account that the system has lost spoils nobody else's work.
func TestGroupsOfTheLost(t *testing.T) {
	accounts := systemAccounts(t)[:3]
	lost := Account{Name: "nobody-has-this-name", UID: 54321, GID: 54321, Home: "/nonexistent"}
	crew := Gather(append([]Account{lost}, accounts...))
	if _, err := crew.groups(context.Background(), lost); err == nil {
		t.Error("the lost account has groups")
	}
	for _, a := range accounts {
		if got, err := crew.groups(context.Background(), a); err != nil || got[0] != a.GID {
			t.Errorf("%s: %v, %v", a.Name, got, err)
		}
	}
}

// Names that are no names never get to the system's programs.
func TestGatherLeavesOutFaults(t *testing.T) {
	crew := Gather([]Account{{Name: "-G", UID: 5, Home: "/h"}, {Name: "root", Home: "/root"}, {Name: "kim", UID: 5, Home: "/"}, {Name: "lee", UID: 6, Home: "/h"}})
	if len(crew.batches) != 1 || crew.batches["lee"] == nil {
		t.Errorf("gathered %v", crew.batches)
	}
}
