package harden

import "golang.org/x/sys/windows"

// process keeps the error reporting service from taking a dump.
func process() error {
	windows.SetErrorMode(windows.SEM_FAILCRITICALERRORS | windows.SEM_NOGPFAULTERRORBOX)
	return nil
}
