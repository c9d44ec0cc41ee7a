// Package connerr tells what a failed connection met, on every system alike. It lies
// below plan because sources and apply both ask, and neither may know the other.
package connerr

import (
	"errors"
	"syscall"
)

// Winsock's numbers. On Windows package syscall's own ECONNREFUSED is an invention
// that no call returns, and elsewhere no error has numbers as high as these.
const (
	wsaConnAborted = syscall.Errno(10053)
	wsaConnReset   = syscall.Errno(10054)
	wsaConnRefused = syscall.Errno(10061)
)

// Refused reports that nobody listens there.
func Refused(err error) bool { return is(err, syscall.ECONNREFUSED, wsaConnRefused) }

// Reset reports that the other side cut the connection.
func Reset(err error) bool {
	return is(err, syscall.ECONNRESET, wsaConnReset, wsaConnAborted)
}

func is(err error, any ...syscall.Errno) bool {
	for _, errno := range any {
		if errors.Is(err, errno) {
			return true
		}
	}
	return false
}
