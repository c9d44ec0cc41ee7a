//go:build !windows

package commit

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func isRoot() bool { return os.Geteuid() == 0 }

// OwnerOf is the number of the user whom a file belongs to, false where the system does
// not say.
func OwnerOf(info fs.FileInfo) (uid uint32, known bool) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return st.Uid, true
}

// account is the name of a user of this machine, "" for a number without one.
func account(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return accountElsewhere(id)
}

// accountElsewhere asks for accounts that stand in no file: those of a directory
// service. Where nobody can be asked, there is none.
func accountElsewhere(id string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "/usr/bin/getent", "passwd", id).Output()
	if err != nil {
		return ""
	}
	name, _, _ := strings.Cut(string(out), ":")
	return name
}
