#!/bin/sh
# Prometheus, node_exporter's text file collector: the gauges, put there whole by a rename.
# Run it from a timer.
set -u
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
umask 022
dir="${CODEXFORM_TEXTFILES:-/var/lib/prometheus/node-exporter}"
new="$dir/.codexform.$$"
trap 'rm -f "$new"' EXIT
"${CODEXFORM:-codexform}" status --contract prom -f "${CODEXFORM_POLICY:-/etc/codexform/codex.yaml}" >"$new" && mv "$new" "$dir/codexform.prom"
