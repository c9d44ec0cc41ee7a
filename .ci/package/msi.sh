#!/bin/sh
# msi.sh TARGET PROGRAM VERSION COMMIT TIME: the MSI of a program for Windows, beside the other
# packages. wixl makes none for arm64. Everything that wixl would draw or take from the
# clock comes from the commit, so that two builds are the same.
set -eu
target=$1 program=$2 version=$3 commit=$4 time=$5
case $target in windows_amd64*) ;; *) exit 0 ;; esac

id() { # id NAME: a GUID that this commit always has
	printf '%s %s' "$commit" "$1" | sha256sum | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-5\3-8\4-\5/' | tr a-f A-F
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$program" "$work/codexform.exe"
cp LICENSE "$work/LICENSE.txt"
cp examples/timers/windows/codexform.xml "$work/codexform-task.xml"
cp .ci/package/wix.wxs "$work/"
touch -d "@$time" "$work"/*
out=$PWD/.tools/package/codexform_${version}_windows_amd64.msi
cd "$work" # wixl takes no absolute path of a file
export TZ=UTC
clock() { faketime -f "$(date -d "@$time" '+%Y-%m-%d %H:%M:%S')" "$@"; }
clock wixl -a x64 -D Version="$version" -D Product="$(id product)" -o "$out" wix.wxs
clock msibuild "$out" -s 'Declarative provisioning of the Codex CLI' codexform 'x64;1033' "{$(id package)}"
query() { clock msibuild "$out" -q "$1"; }
query 'CREATE TABLE `Environment` (`Environment` CHAR(72) NOT NULL, `Name` CHAR(255) NOT NULL LOCALIZABLE, `Value` CHAR(255) LOCALIZABLE, `Component_` CHAR(72) NOT NULL PRIMARY KEY `Environment`)'
query "INSERT INTO \`Environment\` (\`Environment\`, \`Name\`, \`Value\`, \`Component_\`) VALUES ('Path', '=-*PATH', '[~];[INSTALLDIR]', 'Program')"
query "INSERT INTO \`InstallExecuteSequence\` (\`Action\`, \`Sequence\`) VALUES ('RemoveEnvironmentStrings', 3300)"
query "INSERT INTO \`InstallExecuteSequence\` (\`Action\`, \`Sequence\`) VALUES ('WriteEnvironmentStrings', 5200)"
