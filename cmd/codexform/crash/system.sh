#!/bin/sh
# The machine's own layer, killed at every call that changes a file: the next apply puts
# both files in force, with the modes that every user's Codex needs, and what destroy gives
# back is what was there, byte for byte. As root, in a mount namespace of its own.
#
#	CODEXFORM=… unshare -m cmd/codexform/crash/system.sh
set -eu

run() { /srv/codexform "$1" --codex-home /etc/codex --codex off --auto-approve >/dev/null 2>&1; }
applies() { /srv/codexform apply -f /srv/codex.yaml --codex off --no-confirm --auto-approve >/dev/null 2>&1; }
modes() { find /etc/codex /var/lib/codexform -mindepth 1 ! -name lock -printf '%m %u\n' | sort -u; }

case ${SYSTEM_PART-} in
setup)
	rm -rf /etc/codex/* /etc/codex/.c* /var/lib/codexform/* /var/lib/codexform/.c*
	cp /srv/old/* /etc/codex/
	exit
	;;
recover)
	applies
	exit
	;;
check)
	echo unjudged # between a kill and the next run
	exit
	;;
check2)
	[ "$(modes)" = "644 root" ] || { echo modes; exit 1; }
	grep -q gpt-5.4 /etc/codex/config.toml && grep -q corp /etc/codex/requirements.toml || { echo mixed; exit 1; }
	run destroy || { echo destroy; exit 1; }
	diff -rq /srv/old /etc/codex >/dev/null || { echo remains; exit 1; }
	echo whole
	exit
	;;
esac

self=$(readlink -f "$0")
mount --make-rprivate /
mkdir -p /etc/codex /var/lib/codexform
for dir in /srv /etc/codex /var/lib/codexform; do mount -t tmpfs -o mode=755 none "$dir"; done
cp "${CODEXFORM:?the program to kill}" /srv/codexform
(cd "$(dirname "$self")" && go build -o /srv/crashwalk ./crashwalk)
cp "$self" /srv/system.sh
chmod 755 /srv/system.sh
mkdir /srv/old
printf '# ours\nmodel = "old" # since May\n' >/srv/old/config.toml
printf '# the law\nallowed_approval_policies = ["never"]\n' >/srv/old/requirements.toml
echo sk-key-0123456789abcdef >/srv/key
printf 'version: 1\nmodel: gpt-5.4\nprovider: {id: corp, base_url: "https://g.example/v1"}\nsecret: {file: key}\ndelivery: command\nlayer: system\nenforce: true\n' >/srv/codex.yaml
chmod 644 /srv/codex.yaml /srv/old/*
export SYSTEM_PART=
cd /srv
exec /srv/crashwalk -under /etc/codex,/var/lib/codexform -faults kill,ENOSPC -v \
	-setup 'SYSTEM_PART=setup /srv/system.sh' -check 'SYSTEM_PART=check /srv/system.sh' \
	-recover 'SYSTEM_PART=recover /srv/system.sh' -check2 'SYSTEM_PART=check2 /srv/system.sh' -- \
	/srv/codexform apply -f /srv/codex.yaml --codex off --no-confirm --auto-approve
