#!/bin/bash
# Holds the page of codexform report in a headless Chromium, as root on Debian: how fast it
# loads and filters 10,000 machines, the rules of axe-core, the keyboard, what a screen
# reader is told; takes its pictures, and writes docs/figures/report.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

need() { # need PROGRAM:PACKAGE...
	local p
	for p; do command -v "${p%%:*}" >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${p#*:}" >/dev/null; }; done
}

need chromium:chromium pdftoppm:poppler-utils pngquant:pngquant
into=.tools/report
if ! cmp -s .ci/report/package-lock.json $into/.installed; then
	mkdir -p $into
	cp .ci/report/package.json .ci/report/package-lock.json .ci/report/.npmrc $into/
	(cd $into && npm ci --ignore-scripts --no-progress </dev/null)
	cp .ci/report/package-lock.json $into/.installed
fi
CGO_ENABLED=0 go build -trimpath -o "$work/codexform" ./cmd/codexform
node .ci/report/statuses.js 10000 >"$work/fleet.jsonl"
"$work/codexform" report "$work/fleet.jsonl" --out "$work/fleet.html"
mkdir -p "$work/pictures"
timeout 300 node .ci/report/check.js "$work/fleet.html" $into/node_modules/axe-core/axe.min.js "$work/pictures" docs/figures/report.md
pdftoppm -r 80 -f 1 -l 1 -png -singlefile "$work/fleet.html.pdf" "$work/pictures/report-print"
pngquant --force --ext .png --speed 1 64 "$work"/pictures/*.png
cp "$work"/pictures/*.png docs/guides/pictures/
grep '^|' docs/figures/report.md
