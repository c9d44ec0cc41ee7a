//go:build linux || darwin

package users

import (
	"context"
	"os"
	"os/exec"
	"syscall"
)

// Privileged reports whether this process may work for others.
func Privileged() bool { return os.Geteuid() == 0 }

// start starts this very program as another user.
func (k *Crew) start(a Account, env []string) (*child, error) {
	ids, err := k.groups(context.Background(), a)
	if err != nil {
		return nil, err
	}
	program, err := self()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program, Command)
	cmd.Args[0] = "codexform"
	cmd.Dir, cmd.Env = "/", env
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential: &syscall.Credential{Uid: a.UID, Gid: a.GID, Groups: ids},
		Setsid:     true,
	}
	return newChild(cmd)
}

// The session of a child is its own, so what it started ends with it.

func (c *child) terminate() { _ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGTERM) }
func (c *child) kill()      { _ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL) }
