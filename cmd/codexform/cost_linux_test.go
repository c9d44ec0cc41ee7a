package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// peak runs a program and prints the most memory that it held, in bytes. It is a
// process of its own, because Linux counts in what its parent holds when it starts it.
func peak() {
	if err := exec.Command(os.Args[1], os.Args[2:]...).Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &usage); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(usage.Maxrss << 10)
}
