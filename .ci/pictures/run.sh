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

shot() { # shot PAGE PICTURE WIDTHxHEIGHT [dark]
	timeout 120 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 \
		--blink-settings=preferredColorScheme="$([ "${4:-light}" = dark ] && echo 0 || echo 1)" \
		--window-size="${3/x/,}" --screenshot="$2" "file://$1" >/dev/null 2>&1
}

# The comment of a pull request that does harm, in light and in dark.
comment() {
	local scheme
	(cd .ci/pictures && umask 077 && cp before.yaml codex.yaml "$work" && cd "$work" && chmod 600 ./*.yaml &&
		./codexform plan -f codex.yaml --base before.yaml --codex-home home --secrets skip --format markdown) >"$work/plan.md"
	cmark-gfm --unsafe -e table -e strikethrough -e autolink -e tagfilter "$work/plan.md" >"$work/plan.html"
	for scheme in light dark; do
		page 900 "$scheme" && shot "$work/page.html" "$PWD/$into/comment-$scheme.png" 936x"${HEIGHT:-1000}"
		page 352 "$scheme" && shot "$work/page.html" "$PWD/$into/comment-narrow-$scheme.png" 386x"${HEIGHT:-1150}"
	done
}

page() { # page WIDTH light|dark
	node .ci/pictures/page.js 'github-actions bot commented' ".tools/forge/node_modules/github-markdown-css/github-markdown-$2.css" "$2" "$1" \
		<"$work/plan.html" >"$work/page.html"
}

# The page over a fleet of two hundred: one real status.json, and what others would say.
fleet() {
	local i scheme
	mkdir -p "$work/home" "$work/fleet"
	printf 'version: 1\npolicy_version: 17\nsettings: {model: gpt-5.4}\n' >"$work/settings.yaml"
	chmod 600 "$work/settings.yaml"
	"$work/codexform" apply --auto-approve --codex off -f "$work/settings.yaml" --codex-home "$work/home" >/dev/null
	for i in $(seq 200); do
		jq --argjson i "$i" -f .ci/pictures/fleet.jq "$work/home/.codexform/status.json" >"$work/fleet/$(printf 'lap-%03d' "$i").json"
	done
	"$work/codexform" report "$work/fleet" --out "$work/fleet.html"
	for scheme in light dark; do
		shot "$work/fleet.html" "$PWD/docs/pictures/fleet-$scheme.png" 1000x820 "$scheme"
		shot "$work/fleet.html" "$PWD/docs/pictures/fleet-narrow-$scheme.png" 400x1000 "$scheme"
	done
}

CGO_ENABLED=0 go build -trimpath -o "$work/codexform" ./cmd/codexform
# The demo at a terminal, which is the picture of the README, and the times of an apply.
go run ./.ci/pictures/draw "$work/codexform" docs/pictures
need chromium cmark-gfm jq
style
comment
fleet
echo "make pictures: $(ls "$into" docs/pictures | tr '\n' ' ')"
