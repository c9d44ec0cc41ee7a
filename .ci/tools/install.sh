#!/bin/sh
# Installs the pinned tools of package-lock.json below .tools/codex, which git
# ignores. It does nothing when they are there already.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
from=$root/.ci/tools
into=$root/.tools/codex

if cmp -s "$from/package-lock.json" "$into/.installed"; then
	exit 0
fi
mkdir -p "$into"
rm -f "$into/.installed"
cp "$from/package.json" "$from/package-lock.json" "$from/.npmrc" "$into/"
(cd "$into" && npm ci --no-progress </dev/null)
cp "$from/package-lock.json" "$into/.installed"
