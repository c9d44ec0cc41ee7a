#!/bin/sh
# Functions that the program reaches on no system, but for those of .ci/dead.txt, each of
# which says why it stands there. An entry that is reached is an error too.
set -eu
tool=$(go tool -n -modfile=.ci/tools.mod deadcode)
dir=$(mktemp -d)
trap 'rm -r "$dir"' EXIT
for os in linux darwin windows; do
	GOOS=$os "$tool" -f '{{$p := .Path}}{{range .Funcs}}{{println $p .Name}}{{end}}' ./cmd/codexform | grep . | sort >"$dir/$os"
done
comm -12 "$dir/linux" "$dir/darwin" | comm -12 - "$dir/windows" >"$dir/dead"
sed -n 's/^\([^#]*[^# ]\)  *#.*/\1/p' .ci/dead.txt | sort >"$dir/known"
if ! diff "$dir/known" "$dir/dead" >"$dir/diff"; then
	sed -n 's/^> \(.*\)/make dead: nothing reaches \1/p; s/^< \(.*\)/make dead: .ci\/dead.txt has \1, which is reached or gone/p' "$dir/diff" >&2
	exit 1
fi
