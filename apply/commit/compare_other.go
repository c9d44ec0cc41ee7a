//go:build !windows

package commit

import "os"

// systemExchanges says that files can be exchanged here, but for some file systems.
const systemExchanges = true

// compareAndMove is for systems that can keep others out of a file.
func compareAndMove(*os.File, string, string, func([]byte) bool) error { return errNoExchange }

// isFree says nothing here: who has a file open keeps nobody from replacing it.
func isFree(*os.File, string) error { return nil }
