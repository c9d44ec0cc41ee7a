#!/bin/sh
# Attacks at every call: root applies for a user whose home changes under its hands,
# before the n-th call of parent or child that touches the home, for n = 1, 2, 3 …
# As root, on Linux and amd64, in a mount namespace of its own.
#
#	unshare -m cmd/codexform/crash/users.sh [EVERY [ATTACK…]]
#
# Each attack is made with the user's own rights. The judge wants nothing of root's
# changed, no secret of root's in the home or in what is said, no file of root's in the
# home, and an end. "careless" is the same against a script of root's, which has to fail.
#
# undo-ATTACK is the attack on an apply of a new key for an old one that the gateway
# refuses after the switch: it says yes when it is first asked, and then no more.
set -eu

case ${USERS_PART-} in
setup)
	rm -rf /srv/home/u0 /srv/trap /srv/out
	mkdir -p /srv/home/u0/.codex /srv/trap/codex
	echo 'model = "mine"' >/srv/home/u0/.codex/config.toml
	[ -z "${UNDO-}" ] || {
		echo '{"OPENAI_API_KEY":"sk-theirs-0123456789"}' >/srv/home/u0/.codex/auth.json
		/srv/judge reset /srv/gateways
	}
	chown -R 23000:23000 /srv/home/u0
	echo root-target >/srv/trap/target
	echo '{"x":"root-only-secret"}' >/srv/trap/secret.json
	cp /srv/trap/target /srv/trap/codex/config.toml
	chmod 700 /srv/trap
	chmod 600 /srv/trap/target /srv/trap/secret.json
	USERS_PART=sum "$0" >/srv/sum
	exit
	;;
sum)
	find /srv/trap -printf '%p %y %m %U %G %n %s %T@ %l\n' | sort
	cat /srv/trap/target /srv/trap/secret.json /srv/trap/codex/config.toml
	exit
	;;
hook)
	exec setpriv --reuid 23000 --regid 23000 --clear-groups env USERS_PART=attack "$0"
	;;
attack)
	cd /srv/home/u0 2>/dev/null || exit 0
	c=.codex
	[ -d "$c" ] || exit 0
	case $ATTACK in
	home) mv -T "$c" mine && ln -s /srv/trap/codex "$c" ;;
	state) mv -T "$c/.codexform" "$c/mine" 2>/dev/null; ln -s /srv/trap/codex "$c/.codexform" ;;
	config) ln -sfT /srv/trap/target "$c/config.toml" ;;
	auth) ln -sfT /srv/trap/secret.json "$c/auth.json" ;;
	fifo) rm -f "$c/config.toml" && mkfifo "$c/config.toml" ;;
	temps) for f in "$c"/.codexform-* "$c"/.codexform/*; do [ ! -f "$f" ] || ln -sfT /srv/trap/target "$f"; done ;;
	esac 2>/dev/null
	exit 0
	;;
check)
	if ! USERS_PART=sum "$0" | cmp -s - /srv/sum; then
		echo escape
		exit 1
	fi
	if grep -rqs root-only-secret /srv/out || find /srv/home/u0 -type f -exec grep -qs root-only-secret {} \; -print | grep -q .; then
		echo disclosure
		exit 1
	fi
	if find /srv/home/u0 -mindepth 1 -uid 0 | grep -q .; then
		echo leftover
		exit 1
	fi
	[ "${CW_EXIT-}" != 124 ] || {
		echo hang
		exit 1
	}
	echo held
	exit
	;;
careless)
	h=/srv/home/u0/.codex
	cp $h/config.toml $h/config.toml.bak
	[ ! -e $h/auth.json ] || cp $h/auth.json $h/auth.json.bak
	echo 'model = "theirs"' >$h/config.toml
	echo '{}' >$h/auth.json
	mkdir -p $h/.codexform
	echo '{}' >$h/.codexform/status.json
	chown -R 23000:23000 $h/
	exit
	;;
esac

every=${1:-1}
[ $# -eq 0 ] || shift
self=$(readlink -f "$0")
here=$(dirname "$self")
[ "$(id -u)" = 0 ] || { echo "users.sh: only root works for other users" >&2; exit 2; }
mount --make-rprivate /
mount -t tmpfs -o mode=755 none /srv
mkdir -p /srv/policy /srv/home
cp "${CODEXFORM:?the program to attack}" /srv/codexform
(cd "$here" && go build -o /srv/crashwalk ./crashwalk && go build -o /srv/judge ./judge)
printf 'root:x:0:0::/root:/bin/sh\nu0:x:23000:23000::/srv/home/u0:/bin/sh\n' >/srv/passwd
printf 'root:x:0:\nu0:x:23000:\n' >/srv/group
mount --bind /srv/passwd /etc/passwd
mount --bind /srv/group /etc/group
mkdir -m 700 /srv/gateways
/srv/judge serve /srv/gateways &
judge=$!
trap 'kill "$judge"' EXIT
until [ -s /srv/gateways/fickle ]; do sleep 0.1; done
printf 'version: 1\nmodel: gpt-5.4\nprovider: {base_url: "http://127.0.0.1:9/v1"}\nsecret: {file: key}\n' >/srv/policy/codex.yaml
printf 'version: 1\nmodel: new-model\nprovider: {base_url: "%s"}\nsecret: {file: undo.key}\nconfirm: {attempts: 1, timeout: 5s}\n' "$(cat /srv/gateways/fickle)" >/srv/policy/undo.yaml
echo sk-user-0123456789abcdef >/srv/policy/key
echo sk-new-CANARY-9876543210 >/srv/policy/undo.key
chmod 600 /srv/policy/key /srv/policy/undo.key
cp "$self" /srv/users.sh
chmod 755 /srv/users.sh
cd /srv
fail=0
for attack in "${@:-home}"; do
	echo "== $attack"
	UNDO='' policy='-f /srv/policy/codex.yaml --no-confirm'
	case $attack in undo-*) UNDO=1 policy='-f /srv/policy/undo.yaml' ;; esac
	export UNDO
	ATTACK=${attack#undo-} /srv/crashwalk -under /srv/home -reads -every "$every" -faults hook -hook 'USERS_PART=hook /srv/users.sh' \
		-setup 'USERS_PART=setup /srv/users.sh' -check 'USERS_PART=check /srv/users.sh' -v -- \
		/bin/sh -c "exec /srv/codexform apply $policy --user u0 --auto-approve --codex off --lock-timeout 1s >/srv/out 2>&1" || fail=1
	[ -z "$UNDO" ] || continue
	echo "== $attack, careless"
	if ATTACK=$attack /srv/crashwalk -under /srv/home -reads -limit 2s -faults hook -hook 'USERS_PART=hook /srv/users.sh' \
		-setup 'USERS_PART=setup /srv/users.sh' -check 'USERS_PART=check /srv/users.sh' -- \
		/bin/sh -c 'USERS_PART=careless exec /srv/users.sh >/srv/out 2>&1'; then
		echo "nothing found the careless one"
		[ "$attack" = temps ] || [ "$attack" = state ] || fail=1
	fi
done
exit "$fail"
