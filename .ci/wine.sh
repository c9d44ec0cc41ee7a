#!/usr/bin/env bash
# Runs the tests, built for Windows, under Wine 10 on a Debian host, as root:
#
#	bash .ci/wine.sh                 every package, then the demo
#	bash .ci/wine.sh ./apply/commit -run TestMove
#	bash .ci/wine.sh exec PROGRAM.exe ARGUMENTS…
#	bash .ci/wine.sh codex           the stories that the real codex.exe judges
#	bash .ci/wine.sh crash           the program killed at its calls (cmd/codexform/crash)
#
# Wine lies in a Debian of its own (a gigabyte, fetched once) below the user's cache.
# What is mounted for it is mounted in a name space of this run, and what it starts runs
# in one too, its wineserver included: both end with this run, however it ends. Only the
# folder in /tmp of a run that was killed outright stays, until the next run.
set -euo pipefail
cd "$(dirname "$0")/.."

suite=trixie # with Wine 10; Wine 8 lacks the calls that Go removes files with
cache=${XDG_CACHE_HOME:-$HOME/.cache}/codexform
wine=$cache/wine-$suite

fetch() {
	command -v debootstrap >/dev/null ||
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap >/dev/null; }
	local new=$wine.new
	rm -rf --one-file-system "$new"
	mkdir -p "$cache"
	trap 'rm -rf --one-file-system "$new"' EXIT
	echo "== fetching Wine into $wine" >&2
	unshare --mount bash -euc '
		debootstrap --variant=minbase "$1" "$2"
		mount --bind /dev "$2/dev"
		chroot "$2" apt-get update -qq
		chroot "$2" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wine64 libwine
		chroot "$2" apt-get clean
	' - "$suite" "$new" >&2
	mv "$new" "$wine"
	trap - EXIT
}

# codex fetches the program as npm brings it to Windows, at the version of the tests' own.
codex() {
	local version spec
	version=$(sed -n 's/.*"@openai\/codex-win32-x64": "npm:@openai\/codex@\(.*\)".*/\1/p' .ci/tools/package-lock.json)
	spec=$cache/codex-$version
	[ -d "$spec" ] || {
		rm -rf "$spec.new" && mkdir -p "$spec.new"
		(cd "$spec.new" && npm pack --silent "@openai/codex@$version" </dev/null | xargs tar -xzf)
		mv "$spec.new" "$spec"
	}
	printf '%s\n' "$spec"/package/vendor/*/bin
}

# inside runs in the name spaces: Wine's Debian sees this tree and /tmp where they are.
inside() {
	local dir
	for dir in /dev /tmp "$PWD"; do
		mkdir -p "$wine$dir"
		mount --bind "$dir" "$wine$dir"
	done
	mount -t proc proc "$wine/proc"
	mount -t proc proc /proc # of this name space: who looks there shall find its own processes
	cat >"$room/run" <<-END
		#!/bin/sh
		unset GOTMPDIR TMPDIR # of the host: Windows has TEMP
		exec chroot "$wine" /bin/sh -c 'cd "\$0" && exec /usr/lib/wine/wine64 "\$@"' "\$PWD" "\$@"
	END
	chmod +x "$room/run"
	umask 077 # Wine shows the bits of a file as its list
	export HOME=$room/home XDG_RUNTIME_DIR=$room WINEPREFIX=$room/prefix WINEDEBUG=-all
	mkdir -p "$HOME"
	chroot "$wine" /usr/lib/wine/wine64 wineboot --init >/dev/null 2>&1
	if [ "${1:-}" = exec ]; then
		shift
		"$room/run" "$@"
		return
	fi
	if [ "${1:-}" = crash ]; then
		go build -o "$room/codexform.exe" ./cmd/codexform
		cd cmd/codexform/crash
		CRASH_WINE=$wine CRASH_PROGRAM="$room/run $room/codexform.exe" GOOS=linux GOTMPDIR='' HOME=$room/home go run . wine-kill
		return
	fi
	if [ "${1:-}" = codex ]; then
		mkdir -p "$room/codex"
		mount --bind "$2" "$wine$room/codex"
		export WINEPATH="Z:${room//\//\\}\\codex"
		set -- ./cmd/codexform -run TestScript/codex_exe
	fi
	tests "$@"
}

tests() {
	local status=0
	$sum --format pkgname --raw-command -- go test -json -vet=off -short -p 1 -timeout 1800s -exec "$room/run" "${@:-./...}" || status=$?
	if [ $# -eq 0 ]; then
		echo '== demo'
		go build -o "$room/codexform.exe" ./cmd/codexform
		"$room/run" "$room/codexform.exe" demo </dev/null >"$room/demo" || { status=1 && cat "$room/demo"; }
	fi
	return $status
}

if [ "${CODEXFORM_WINE:-}" ]; then
	room=$CODEXFORM_WINE sum=$CODEXFORM_WINE/gotestsum
	unset CODEXFORM_WINE SSL_CERT_FILE SSL_CERT_DIR
	inside "$@"
	exit
fi

[ -d "$wine" ] || fetch
for left in /tmp/codexform-wine.*.*; do # of runs that were killed outright
	pid=${left#/tmp/codexform-wine.} && pid=${pid%%.*}
	[ ! -d "$left" ] || [ -d "/proc/$pid" ] || rm -rf --one-file-system "$left"
done
room=$(mktemp -d "/tmp/codexform-wine.$$.XXXXXX")
run=
finish() {
	[ -z "$run" ] || { kill -KILL "$run" && wait "$run"; } 2>/dev/null || true
	rm -rf --one-file-system "$room"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
go build -modfile=.ci/tools.mod -o "$room/gotestsum" gotest.tools/gotestsum
[ "${1:-}" != codex ] || set -- codex "$(codex)"
# Waited for in the background, so that a signal is heard at once. The name space of
# processes ends with its first one, that with unshare, and that with this shell.
CODEXFORM_WINE=$room GOOS=windows CGO_ENABLED=0 GOTMPDIR=$room \
	GOCACHE=$(go env GOCACHE) GOMODCACHE=$(go env GOMODCACHE) GOPATH=$(go env GOPATH) \
	setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child bash "$PWD/.ci/wine.sh" "$@" <&0 &
run=$!
status=0
wait "$run" || status=$?
run=
exit $status
