#!/bin/sh
# From ring to ring: rings.sh POLICY RING... runs the job for the first ring, then for the first
# and the second, and so on, and stops where a machine failed. `nomad job run` ends with 0 even
# where the task failed, so the allocations are read.
set -eu
policy=$(cat "$1")
shift
job=$(dirname "$0")/codexform.nomad.hcl
rings=

states() { # one line for each allocation of this version of the job: its state
	nomad job allocs -t '{{range .}}{{.JobVersion}} {{.ClientStatus}} {{.NodeName}}{{"\n"}}{{end}}' codexform | awk -v v="$version" '$1 == v'
}

for ring; do
	rings=${rings:+$rings|}$ring
	if ! said=$(nomad job run -var "run=$(date +%s)" -var "rings=$rings" -var "policy=$policy" -var "program=${CODEXFORM:-/usr/bin/codexform}" "$job" 2>&1); then
		echo "$said" >&2
		echo "rings.sh: no machine is in $rings, or Nomad does not take the job" >&2
		exit 1
	fi
	version=$(nomad job inspect -t '{{.Version}}' codexform)
	for _ in $(seq "${CODEXFORM_WAIT:-600}"); do
		all=$(states)
		echo "$all" | grep -q ' pending \| running ' || break
		sleep 1
	done
	echo "$all" | awk -v ring="$ring" '{n[$2]++} END {printf "%s:", ring; for (s in n) printf " %d %s", n[s], s; print ""}'
	if [ -z "$all" ] || echo "$all" | grep -qv ' complete '; then
		echo "rings.sh: stopped at $ring: not every machine is through" >&2
		echo "$all" | grep -v ' complete ' >&2
		exit 1
	fi
done
