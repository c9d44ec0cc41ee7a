//go:build linux

// Judge prepares the cases of the crash tests, plays the other writers and the
// gateways, and says what a run has left behind.
//
//	judge make DIR                                write the cases of commitdemo below DIR
//	judge case DIR ORDER OLDURL NEWURL            write DIR/case.json beside old/ and new/ of a case of its own
//	judge serve DIR                               gateways, until killed
//	judge reset DIR                               give the gateways their patience back
//	judge setup CASEDIR HOME                      give HOME the old state
//	judge check CASEDIR HOME                      say what a run has left
//	judge edit MANNER CASEDIR HOME MARK           write as somebody else does; see edit
//	judge floor CASEDIR HOME                      give HOME the new state, with the calls of an apply alone
//	judge cut MOUNT log|nolog                     cut the power of a file system
//	judge modes HOME BAD                          write the file BAD if others may read a key
//
// Check prints a class and what it saw; its exit code is 0 when that is acceptable.
// It reads CW_EXIT, CW_FAULT, CW_RECOVERED and CW_ENDED as crashwalk sets them,
// CW_MARK and CW_BAD, the files of edit and modes, CW_UNDO where success is the
// old state, and CW_WANT, the one class that is acceptable.
package main

import (
	"errors"
	"fmt"
	"os"
)

func main() {
	ok, err := run(os.Args[1:])
	if err != nil {
		fmt.Println("JUDGE-FAILED", err)
		os.Exit(3)
	}
	if !ok {
		os.Exit(1)
	}
}

func run(args []string) (bool, error) {
	args = append(args, make([]string, 5)...)
	switch args[0] {
	case "make":
		return true, makeCases(args[1])
	case "case":
		return true, ownCase(args[1], args[2], args[3], args[4])
	case "reset":
		return true, reset(args[1])
	case "serve":
		return true, serve(args[1])
	case "setup":
		return true, setup(args[1], args[2])
	case "check":
		return check(args[1], args[2])
	case "edit":
		return true, edit(args[1], args[2], args[3], args[4])
	case "floor":
		return true, floor(args[1], args[2])
	case "cut":
		return true, cut(args[1], args[2])
	case "modes":
		return true, modes(args[1], args[2])
	}
	return false, errors.New("no such command; see the source")
}
