//go:build unix

package gateway

import (
	"syscall"
	"testing"
)

// platformFaults are the cases that this system alone can make.
var platformFaults = []fault{
	{name: "CA file is a FIFO", setup: caFile("SSL_CERT_FILE", func(t *testing.T, path string) {
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}), class: TLSError, detail: "cannot be read"},
}
