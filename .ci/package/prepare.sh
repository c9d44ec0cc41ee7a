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
# An apk has the time of its scripts' files in it.
touch -d "@$(git log -1 --format=%ct)" .ci/package/removed.sh
