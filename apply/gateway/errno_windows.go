package gateway

import (
	"errors"
	"syscall"
)

// wsaConnRefused is the Winsock code: package syscall has no name for it, and its
// ECONNREFUSED is an invention there.
const wsaConnRefused = syscall.Errno(10061)

func isRefused(err error) bool { return errors.Is(err, wsaConnRefused) }

func isReset(err error) bool {
	return errors.Is(err, syscall.WSAECONNRESET) || errors.Is(err, syscall.WSAECONNABORTED)
}
