//go:build linux || darwin

package users

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/codexform/codexform/apply/commit"
)

// askLimit is how long a directory service may take.
const askLimit = 30 * time.Second

// ask runs a program of the system. Root looks for it where only root can put it.
func ask(ctx context.Context, program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	for _, dir := range []string{"/usr/bin/", "/bin/"} {
		if _, err := os.Stat(dir + program); err != nil {
			continue
		}
		cmd := exec.CommandContext(ctx, dir+program, args...)
		cmd.Env, cmd.Dir = []string{"PATH=/usr/bin:/bin", "LC_ALL=C"}, "/"
		out, err := cmd.Output()
		if err != nil {
			return "", fmt.Errorf("%s: %w", program, err)
		}
		return string(out), nil
	}
	return "", fmt.Errorf("%s, which knows the accounts of this machine, is not installed", program)
}

// batchLimit is how long a question about several accounts may take, before each of them
// is asked about alone: one whom a directory is slow about holds up no other for longer.
const batchLimit = 5 * time.Second

// groups are the numbers of all groups of an account, the primary one first.
func (k *Crew) groups(ctx context.Context, a Account) ([]uint32, error) {
	if b := k.batches[a.Name]; b != nil {
		b.ask.Do(func() { b.known = b.answer(ctx) })
		if ids, ok := b.known[a.Name]; ok {
			return first(a.GID, ids), nil
		}
	}
	out, err := ask(ctx, "id", "-G", a.Name)
	if err != nil {
		return nil, err
	}
	ids, err := numbers(out)
	return first(a.GID, ids), err
}

// answer asks about all accounts of a batch: a line for each, in their order. Not every id
// takes several names, and one name that is not known spoils the answer: then it is none.
func (b *batch) answer(ctx context.Context) map[string][]uint32 {
	if len(b.names) == 1 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, batchLimit)
	defer cancel()
	out, err := ask(ctx, "id", append([]string{"-G"}, b.names...)...)
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if err != nil || len(lines) != len(b.names) {
		return nil
	}
	known := map[string][]uint32{}
	for i, line := range lines {
		if ids, err := numbers(line); err == nil && len(ids) > 0 {
			known[b.names[i]] = ids
		}
	}
	return known
}

// numbers are the groups of one line of id's.
func numbers(line string) (ids []uint32, err error) {
	for _, word := range strings.Fields(line) {
		id, err := strconv.ParseUint(word, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("id: %w", err)
		}
		ids = append(ids, uint32(id))
	}
	return ids, nil
}

// first is ids with the primary group in front, and no more than a process can have.
func first(primary uint32, ids []uint32) []uint32 {
	all := []uint32{primary}
	for _, id := range ids {
		if id != primary {
			all = append(all, id)
		}
	}
	return all[:min(len(all), mostGroups)]
}

// Owner is the number of the user whom a folder belongs to, false where it is none, or
// not there. It looks at the name itself, and opens nothing.
func Owner(path string) (uid uint32, known bool) {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() {
		return 0, false
	}
	return commit.OwnerOf(info)
}
