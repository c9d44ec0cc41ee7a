#!/bin/sh
# Installs the clients of package-lock.json below .tools/clients, which git ignores: 700 MB.
# No script of theirs runs. What is there already stays.
set -eu
cd "$(dirname "$0")/../.."
from=.ci/clients
into=.tools/clients
mkdir -p "$into"
cp "$from/client.mjs" "$into/"
if cmp -s "$from/package-lock.json" "$into/.installed"; then
	exit 0
fi
rm -f "$into/.installed"
cp "$from/package.json" "$from/package-lock.json" "$from/.npmrc" "$into/"
(cd "$into" && npm ci --ignore-scripts --no-progress </dev/null)
cp "$from/package-lock.json" "$into/.installed"
