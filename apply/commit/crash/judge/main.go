// Judge prepares the cases of the crash tests, plays the other writers, and says
// what a run has left behind.
//
//	judge make DIR                        write every case below DIR: old/, new/ and case.json
//	judge setup CASEDIR HOME              give HOME the old state
//	judge check [-ledger any] CASEDIR HOME
//	judge edit config|auth|auth-in-place HOME MARK
//
// Check prints a class and what it saw; its exit code is 0 when that is acceptable.
// It reads CW_EXIT, CW_FAULT, CW_RECOVERED and CW_MARK as crashwalk sets them, and
// CW_WANT, the class that alone is acceptable.
package main

import (
	"fmt"
	"os"
)

func main() {
	var err error
	ok := true
	switch args := os.Args[1:]; {
	case len(args) == 2 && args[0] == "make":
		err = makeCases(args[1])
	case len(args) == 3 && args[0] == "setup":
		err = setup(args[1], args[2])
	case len(args) == 3 && args[0] == "check":
		ok, err = check(args[1], args[2])
	case len(args) == 4 && args[0] == "edit":
		err = edit(args[1], args[2], args[3])
	default:
		err = fmt.Errorf("usage: judge make|setup|check|edit …, see the source")
	}
	if err != nil {
		fmt.Println("JUDGE-FAILED", err)
		os.Exit(3)
	}
	if !ok {
		os.Exit(1)
	}
}
