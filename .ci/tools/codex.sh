#!/bin/sh
# Installs versions of Codex, side by side, in a cache outside the source tree,
# and prints the program of each:
#
#	codex.sh 0.171.0 0.120.0
#
# CODEXES names the cache (default: codexform/codexes in the user's cache). Only
# the package of this platform is fetched, one at a time, checked by npm.
set -eu

into=${CODEXES:-${XDG_CACHE_HOME:-$HOME/.cache}/codexform/codexes}

case $(uname -s) in
Linux) os=linux triple=linux ;;
Darwin) os=darwin triple=darwin ;;
*) os=win32 triple=windows ;;
esac
case $(uname -m) in
arm64 | aarch64) cpu=arm64 arch=aarch64 ;;
*) cpu=x64 arch=x86_64 ;;
esac

# program is the Codex below a folder, wherever its time put it: in bin since
# 0.142, in codex before that.
program() {
	for found in "$1"/package/vendor/$arch-*$triple*/bin/codex* "$1"/package/vendor/$arch-*$triple*/codex/codex*; do
		case $found in
		*/codex | */codex.exe) [ ! -f "$found" ] || { echo "$found"; return; } ;;
		esac
	done
	return 1
}

fetch() {
	(cd "$2" && npm pack --silent "@openai/codex@$1" </dev/null >name 2>/dev/null)
}

install() {
	work=$into/.$1.$$
	rm -rf "$work"
	mkdir -p "$work"
	# A version has a package for each platform; up to 0.98, one for all of them.
	if fetch "$1-$os-$cpu" "$work" || fetch "$1" "$work"; then
		tar -xzf "$work/$(cat "$work/name")" -C "$work"
	fi
	if ! program "$work" >/dev/null; then
		rm -rf "$work"
		echo "codex.sh: npm has no program of Codex $1 for $os-$cpu" >&2
		return 1
	fi
	rm -f "$work"/*.tgz "$work/name"
	for other in "$work"/package/vendor/*; do
		case $other in
		*/$arch-*$triple*) ;;
		*) rm -rf "$other" ;;
		esac
	done
	rm -rf "${into:?}/$1"
	mv "$work" "$into/$1"
}

if [ $# -eq 0 ]; then
	echo "usage: codex.sh VERSION…" >&2
	exit 2
fi
failed=0
for version; do
	program "$into/$version" 2>/dev/null || { install "$version" && program "$into/$version"; } || failed=1
done
exit $failed
