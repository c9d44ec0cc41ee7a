#!/bin/bash
# Makes the pictures of the guides: what the program says, rendered by what renders it for
# people. As root on Debian; installs chromium and cmark-gfm, GitHub's own Markdown, where
# they are not there.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
into=docs/guides/pictures
mkdir -p "$into"

need() { # need PROGRAM...
	local p
	for p; do command -v "$p" >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$p" >/dev/null; }; done
}

style() { # GitHub's style, as it is published
	if ! cmp -s .ci/forge/package-lock.json .tools/forge/.installed; then
		mkdir -p .tools/forge
		cp .ci/forge/package.json .ci/forge/package-lock.json .ci/forge/.npmrc .tools/forge/
		(cd .tools/forge && npm ci --no-progress </dev/null)
		cp .ci/forge/package-lock.json .tools/forge/.installed
	fi
}

shot() { # shot PAGE PICTURE WIDTHxHEIGHT
	timeout 120 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 \
		--window-size="${3/x/,}" --screenshot="$2" "file://$1" >/dev/null 2>&1
}

# The comment of a pull request that does harm, in light and in dark.
comment() {
	local scheme
	(cd .ci/pictures && umask 077 && cp before.yaml codex.yaml "$work" && cd "$work" && chmod 600 ./*.yaml &&
		./codexform plan -f codex.yaml --base before.yaml --codex-home home --secrets skip --format markdown) >"$work/plan.md"
	cmark-gfm --unsafe -e table -e strikethrough -e autolink -e tagfilter "$work/plan.md" >"$work/plan.html"
	for scheme in light dark; do
		node .ci/pictures/page.js 'github-actions bot commented' ".tools/forge/node_modules/github-markdown-css/github-markdown-$scheme.css" "$scheme" \
			<"$work/plan.html" >"$work/$scheme.html"
		shot "$work/$scheme.html" "$PWD/$into/comment-$scheme.png" 936x"${HEIGHT:-1000}"
	done
}

CGO_ENABLED=0 go build -trimpath -o "$work/codexform" ./cmd/codexform
# The demo at a terminal, as SVG: the README's.
go run ./.ci/pictures/session "$work/codexform" docs/pictures
need chromium cmark-gfm
style
comment
echo "make pictures: $(ls "$into" docs/pictures | tr '\n' ' ')"
