//go:build unix

package sources

import "syscall"

const nonblock = syscall.O_NONBLOCK
