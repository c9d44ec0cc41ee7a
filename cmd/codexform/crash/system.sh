#!/bin/sh
# The machine's own layer, killed at every call that changes a file: the next apply puts
# both files in force, with the modes that every user's Codex needs, and what destroy gives
# back is what was there, byte for byte. As root, in a mount namespace of its own.
#
#	CODEXFORM=… unshare -m cmd/codexform/crash/system.sh [CODEX…]
#
# Without a Codex none is asked, and the disk is full at every such call too. With one, or
# several, each of them judges before and after: it starts with the files, and in a second
# walk it does not once they are in place, so that they are undone; whatever is killed, the
# administrator's two files are there after the next run, byte for byte.
set -eu

codex=${SYSTEM_CODEX-off}
run() { /srv/codexform "$1" --codex-home /etc/codex --codex off --auto-approve >/dev/null 2>&1; }
applies() { /srv/codexform apply -f /srv/codex.yaml --codex "$codex" --no-confirm --auto-approve >/dev/null 2>&1; }
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
undone)
	applies && { echo applied; exit 1; }
	[ $? = 3 ] || { echo "exit $?"; exit 1; }
	exit
	;;
check-undone)
	diff -rq /srv/old /etc/codex >/dev/null || { echo remains; exit 1; }
	[ "$(modes)" = "644 root" ] || { echo modes; exit 1; }
	echo whole
	exit
	;;
esac

self=$(readlink -f "$0")
mount --make-rprivate /
mount -t tmpfs -o mode=755 none /srv
for dir in /etc /var/lib; do # what is made there, folders to mount on among it, stays in /srv
	mkdir -p "/srv/own$dir/new" "/srv/own$dir/work"
	mount -t overlay -o "lowerdir=$dir,upperdir=/srv/own$dir/new,workdir=/srv/own$dir/work" none "$dir"
done
mkdir -p /etc/codex /var/lib/codexform
for dir in /etc/codex /var/lib/codexform; do mount -t tmpfs -o mode=755 none "$dir"; done
cp "${CODEXFORM:?the program to kill}" /srv/codexform
(cd "$(dirname "$self")" && go build -o /srv/crashwalk ./crashwalk)
cp "$self" /srv/system.sh
chmod 755 /srv/system.sh
mkdir /srv/old /srv/broken
printf '# ours\nmodel = "old" # since May\n' >/srv/old/config.toml
printf '# the law\nallowed_approval_policies = ["never"]\n' >/srv/old/requirements.toml
printf 'model = 5\n' >/srv/broken/config.toml
echo sk-key-0123456789abcdef >/srv/key
printf 'version: 1\nmodel: gpt-5.4\nprovider: {id: corp, base_url: "https://g.example/v1"}\nsecret: {file: key}\ndelivery: command\nlayer: system\nenforce: true\n' >/srv/codex.yaml
chmod 644 /srv/codex.yaml /srv/old/* /srv/broken/*
chmod 755 /srv/old /srv/broken
cd /srv

walk() { # walk CODEX FAULTS RECOVERY CHECK
	export SYSTEM_CODEX="$1" SYSTEM_PART=
	/srv/crashwalk -under /etc/codex,/var/lib/codexform -faults "$2" -v \
		-setup 'SYSTEM_PART=setup /srv/system.sh' -check 'SYSTEM_PART=check /srv/system.sh' \
		-recover "SYSTEM_PART=$3 /srv/system.sh" -check2 "SYSTEM_PART=$4 /srv/system.sh" -- \
		/srv/codexform apply -f /srv/codex.yaml --codex "$1" --no-confirm --auto-approve
}

[ $# -gt 0 ] || walk off kill,ENOSPC recover check2
n=0
for program; do
	n=$((n + 1))
	touch "/srv/real-$n"
	mount --bind "$program" "/srv/real-$n" # users cannot enter every folder that a Codex lies in
	echo "== $("/srv/real-$n" --version)"
	walk "/srv/real-$n" kill recover check2
	cat >"/srv/late-$n" <<-END
		#!/bin/sh
		grep -q gpt-5.4 /etc/codex/config.toml && export CODEX_HOME=/srv/broken
		exec /srv/real-$n "\$@"
	END
	chmod 755 "/srv/late-$n"
	echo '== it does not start with what is in place'
	walk "/srv/late-$n" kill undone check-undone
done
