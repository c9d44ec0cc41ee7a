package main

import "os"

// closedAtStart reports a stream that is not there.
func closedAtStart(f *os.File) bool {
	_, err := f.Stat()
	return err != nil
}
