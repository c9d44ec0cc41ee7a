#!/bin/sh
# What packages carry beside the program: completions of each shell, and man pages packed
# without a name or a time in them.
set -eu
rm -rf .tools/man .tools/completions
mkdir -p .tools/man .tools/completions
for shell in bash zsh fish; do
	go run ./cmd/codexform completion "$shell" >".tools/completions/codexform.$shell"
done
go run ./cmd/codexform completion powershell >.tools/completions/codexform.ps1
for page in docs/man/*.1; do
	gzip -9nc "$page" >".tools/man/$(basename "$page").gz"
done
# What Debian looks for first: which version this is, and where the notes to it are.
gzip -9nc >.tools/man/changelog.gz <<-EOF
	codexform (${1:?the version}) unstable; urgency=medium

	  * The notes to this version: https://github.com/codexform/codexform/releases

	 -- codexform <codexform@users.noreply.github.com>  $(TZ=UTC git log -1 --date='format-local:%a, %d %b %Y %H:%M:%S +0000' --format=%cd)
EOF
# An apk has the time of its scripts' files in it.
touch -d "@$(git log -1 --format=%ct)" .ci/package/removed.sh
