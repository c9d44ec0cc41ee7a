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

// groups are the numbers of all groups of an account, the primary one first.
func groups(ctx context.Context, a Account) ([]uint32, error) {
	out, err := ask(ctx, "id", "-G", a.Name)
	if err != nil {
		return nil, err
	}
	all := []uint32{a.GID}
	for _, word := range strings.Fields(out) {
		gid, err := strconv.ParseUint(word, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("id: %w", err)
		}
		if uint32(gid) != a.GID {
			all = append(all, uint32(gid))
		}
	}
	return all[:min(len(all), mostGroups)], nil
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
