package gateway

import (
	"errors"
	"syscall"
)

// wsaConnRefused is the Winsock code; syscall.ECONNREFUSED is an invention there.
const wsaConnRefused = syscall.Errno(10061)

func isRefused(err error) bool { return errors.Is(err, wsaConnRefused) }
