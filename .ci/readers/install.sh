#!/bin/sh
# The programs that read what codexform writes for consoles, as root on Debian, and the
# grammars and schemas from npm below .tools/readers. What is there already stays.
set -eu
cd "$(dirname "$0")/../.."
missing=
for pair in promtool:prometheus prometheus-node-exporter:prometheus-node-exporter xmllint:libxml2-utils puppet:puppet-agent shellcheck:shellcheck; do
	command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
done
if [ -n "$missing" ]; then
	# shellcheck disable=SC2086 # words
	apt-get install -y --no-install-recommends $missing
fi
if [ ! -d .tools/readers/node_modules ]; then
	mkdir -p .tools/readers
	cp .ci/readers/package.json .ci/readers/package-lock.json .tools/readers/
	(cd .tools/readers && npm ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund)
fi
