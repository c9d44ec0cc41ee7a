#!/bin/sh
# Where npm has a newer Codex than the newest in codexes.txt: makes it the pinned one,
# adds it to the list, and prints version=V. Otherwise it prints nothing.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
known=$(tail -n 1 "$here/codexes.txt")
newest=$(npm view @openai/codex version </dev/null)
if [ "$(printf '%s\n%s\n' "$known" "$newest" | sort -V | tail -n 1)" = "$known" ]; then
	exit 0
fi
# Where a pull request with it waits already, there is nothing to do.
if git ls-remote --exit-code --heads origin "codex-$newest" >/dev/null 2>&1; then
	exit 0
fi
echo "$newest" >>"$here/codexes.txt"
sed -i "s/\"@openai\\/codex\": \"[^\"]*\"/\"@openai\\/codex\": \"$newest\"/" "$here/package.json"
(cd "$here" && npm install --package-lock-only --no-progress </dev/null >&2)
sed -i "s/^const Version = .*/const Version = \"$newest\"/" "$here/../../plan/codex/codextest/codextest.go"
echo "version=$newest"
