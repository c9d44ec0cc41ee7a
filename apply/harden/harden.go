// Package harden keeps what a process knows from leaving it by the back door: a
// crash writes no core file, and other processes of the same user can neither attach
// to it nor read its environment and memory.
package harden

// Process hardens this process, as early as its main can call it. What the system
// does not offer is left out; an error is what it offers and refuses.
func Process() error { return process() }
