#!/bin/sh
# Runs every fuzz target of the module for the time given, one after the other.
set -eu

time=${1:-30s}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# A finding is a seed of go test from the moment it is written, so in CI it is printed
# and taken out again: what was searched for must not decide (docs/decisions/0008).
withdraw() { # withdraw DIR
	sed -n 's/^ *Failing input written to //p' "$log" | while read -r input; do
		echo "== $1/$input"
		cat "$1/$input"
		rm "$1/$input"
	done
}

fuzz() { # fuzz DIR TARGET
	echo "== $1 $2"
	if go test -run '^$' -fuzz "^$2\$" -fuzztime "$time" -fuzzminimizetime 10x "$1" >"$log" 2>&1 </dev/null; then
		tail -n 3 "$log"
		return
	fi
	cat "$log"
	[ "${CI:-}" != true ] || withdraw "$1"
	# The fuzzer now and then ends with its own deadline instead of its result. That
	# is no finding: a finding writes the input that made it.
	grep -q 'context deadline exceeded' "$log" && ! grep -q 'Failing input written' "$log"
}

grep -rlE '^func Fuzz' --include='*_test.go' . | grep -v '/\.' | xargs -n1 dirname | sort -u | while read -r dir; do
	for target in $(grep -hoE '^func Fuzz[A-Za-z0-9_]*' "$dir"/*_test.go | sed 's/^func //' | sort -u); do
		fuzz "$dir" "$target"
	done
done
