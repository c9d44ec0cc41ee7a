//go:build !linux

package commit

import "testing"

// withoutExchange reports whether a test runs where files cannot be exchanged. macOS
// exchanges them on every file system that its tests have; Linux shows what happens
// where one does not.
func withoutExchange(t *testing.T) bool {
	t.Helper()
	if systemExchanges {
		t.Skip("the file system exchanges files")
	}
	return true
}
