// Package cli is codexform's command line. A command is a file of its name, read from
// top to bottom: its options, its constructor, what it does. What only it needs stands
// beside it under the same prefix (demo_, init_, plan_, status_, users_). What several share:
//
//	root.go     the tree of commands and Main, which runs one of them
//	with_*.go   what commands stand on, flags and all: a policy, a home, a look, a Codex, a rollout
//	env_*.go    the world that a command is given: its streams, the person at the terminal
//	exit_*.go   how a run ends: exit codes, advice, what other tools' habits would have asked for
//	contract_*  answers for programs that run codexform: the consoles' contracts, Ansible
//	log_*.go    what is logged
//
// Main runs one command in an Env, which is all that a command may know of the
// world. A command asks the packages sources, plan and apply, hands what they say
// to a ui.View, and returns an error; exit.go turns that into an exit code,
// exit_hints.go into advice, and Main says it once.
package cli
