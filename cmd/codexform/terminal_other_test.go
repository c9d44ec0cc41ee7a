//go:build !linux

package main

import "github.com/rogpeppe/go-internal/testscript"

// terminalStory is for Linux; its story says so.
func terminalStory(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Fatalf("no pseudo terminal here")
}
