// Package cli is codexform's command line: one file per command, each read from
// top to bottom: its options, its constructor, what it does.
//
// Main runs one command in an Env, which is all that a command may know of the
// world. A command asks the packages sources, plan and apply, hands what they say
// to a ui.View, and returns an error; exit.go turns that into an exit code, hints.go
// into advice, and Main says it once.
package cli
