package vault

import (
	"errors"
	"syscall"
)

// isRefused knows Windows' own number beside the portable one.
func isRefused(err error) bool {
	const wsaConnRefused = syscall.Errno(10061)
	return errors.Is(err, wsaConnRefused) || errors.Is(err, syscall.ECONNREFUSED)
}
