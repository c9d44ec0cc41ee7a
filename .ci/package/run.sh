#!/bin/bash
# Builds a snapshot of what a release is made of, and looks at every part of it:
#
#	run.sh deb     one system only: the deb is installed for real, used, and removed
#	run.sh release what the tag at hand releases, as a draft; no look is taken
#	run.sh read    every system; rpm, apk and MSI are read back
#	run.sh twice   after read: a second build, from another folder with a cache of its
#	               own, which has to be the same
#	run.sh all     read, then twice
#
# SYSTEMS and PROCESSORS, such as SYSTEMS='linux, windows' PROCESSORS=amd64, make less of it.
# As root on Debian. Installs what it needs (wixl, msitools, faketime, rpm).
set -euo pipefail
cd "$(dirname "$0")/../.."
part=${1:-all}
out=$PWD/.tools/package
commit=$(git rev-parse HEAD)
work=$(mktemp -d)
leave() {
	chmod -R u+w "$work"
	rm -rf "$work"
}
trap leave EXIT

fail() { echo "make package: $*" >&2; exit 1; }

need() { # need PROGRAM PACKAGE
	command -v "$1" >/dev/null && return
	[ -n "${updated:-}" ] || apt-get update -qq
	updated=1
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null
}

tools() {
	tool github.com/goreleaser/goreleaser/v2
	tool github.com/CycloneDX/cyclonedx-gomod /cmd/cyclonedx-gomod
	export PATH=$PWD/.tools:$PATH SNAPSHOT=${SNAPSHOT:-0.0.1~snapshot}
	releaser=$PWD/.tools/goreleaser
}

tool() { # tool MODULE [COMMAND]: built once for each version
	local name=${2:-${1%/v2}} version
	version=$(awk -v m="$1" '$1 == m {print $2}' .ci/package.mod)
	mkdir -p .tools
	go version -m ".tools/$(basename "$name")" 2>/dev/null | grep -E "mod[[:space:]]$1[[:space:]]$version[[:space:]]" >/dev/null ||
		go build -modfile=.ci/package.mod -o .tools/ "$1${2:-}"
}

snapshot() { # snapshot FOLDER: the tree as it was committed, built in a folder of its own
	local dir=$1 systems=${SYSTEMS:-linux, darwin, windows} processors=${PROCESSORS:-amd64, arm64} formats='deb, rpm, apk'
	[ "$part" != deb ] || systems=linux processors=amd64 formats=deb
	git clone -q . "$dir"
	git -C "$dir" checkout -q --detach "$commit"
	git -C "$dir" remote set-url origin https://github.com/codexform/codexform
	sed "s/goos: \\[.*/goos: [$systems]/; s/goarch: \\[.*/goarch: [$processors]/; s/formats: \\[deb.*/formats: [$formats]/" \
		"$dir/.ci/package/goreleaser.yaml" >"$work/goreleaser.yaml"
	(cd "$dir" && "$releaser" release --snapshot --clean --skip=publish,announce --parallelism 2 --config "$work/goreleaser.yaml") >"$work/log" 2>&1 || {
		tail -n 40 "$work/log" >&2
		fail "goreleaser failed"
	}
}

# The deb, installed, used and removed as a user would.
deb() {
	local deb
	deb=$(ls "$out"/codexform_*_amd64.deb)
	# A machine of CI's own may have one that an earlier run was not let finish with.
	[ -n "${CI:-}" ] || ! command -v codexform >/dev/null || fail "there is a codexform on this machine already"
	mkdir -p "$work/home"
	apt-get -o DPkg::Lock::Timeout=120 install -y -qq "$deb" >/dev/null 2>&1
	trap 'dpkg --purge codexform >/dev/null 2>&1; leave' EXIT
	/usr/bin/codexform --version | grep -F "$commit" || fail "the installed program tells another commit"
	HOME=$work/home timeout 120 /usr/bin/codexform demo </dev/null >/dev/null || fail "the installed program's demo failed"
	printf 'version: 1\nsettings: {model: gpt-5.4}\n' >"$work/codex.yaml"
	HOME=$work/home CODEX_HOME='' /usr/bin/codexform apply --auto-approve --codex off -f "$work/codex.yaml" >/dev/null
	find "$work/home" -type f -exec sha256sum {} + | sort >"$work/before"
	[ -s "$work/before" ] || fail "nothing was applied"
	gzip -t /usr/share/man/man1/codexform-apply.1.gz
	bash -c '. /usr/share/bash-completion/completions/codexform' || fail "the completion of bash cannot be read"
	if command -v systemd-analyze >/dev/null; then
		(cd /usr/share/doc/codexform/examples/timers/systemd &&
			systemd-analyze verify --man=no ./codexform@.service ./codexform@.timer ./codexform-users.service ./codexform-users.timer ./codexform-machine.service ./codexform-machine.timer &&
			XDG_RUNTIME_DIR=$work systemd-analyze verify --user --man=no ./codexform.service ./codexform.timer) || fail "a unit is wrong"
	fi
	[ -z "$(find /etc/systemd /usr/lib/systemd -name 'codexform*' 2>/dev/null)" ] || fail "a timer is enabled, or in the way of being"
	dpkg -L codexform | sort >"$work/files"
	[ -z "$(xargs -d '\n' -a "$work/files" -I{} find {} -maxdepth 0 '(' ! -perm -o+r -o -type d ! -perm -o+x ')')" ] || fail "not everybody may read what is installed"
	apt-get -o DPkg::Lock::Timeout=120 remove -y codexform </dev/null >"$work/removed" 2>&1
	grep -q 'config.toml and auth.json stay.*/var/lib/codexform' "$work/removed" || fail "the removal does not say what stays"
	while read -r file; do
		[ -d "$file" ] || [ ! -e "$file" ] || fail "$file is still there"
	done <"$work/files"
	find "$work/home" -type f -exec sha256sum {} + | sort | cmp - "$work/before" || fail "the removal changed a home"
	dpkg --purge codexform >/dev/null 2>&1 || true
	echo "deb: $(basename "$deb") installed, used, removed; $(wc -l <"$work/files") paths gone, $(wc -l <"$work/before") files of a home as before"
}

# Every program says the commit that it is made of; of those that run here, by itself.
versions() {
	local archive dir n=0
	for archive in "$out"/*.tar.gz "$out"/*.zip "$out"/*.deb "$out"/*.rpm "$out"/*.apk "$out"/*.msi; do
		n=$((n + 1)) dir=$work/version/$n
		mkdir -p "$dir"
		case $archive in
		*.zip) unzip -q "$archive" -d "$dir" ;;
		*.deb) dpkg-deb -x "$archive" "$dir" ;;
		*.rpm) rpm --root "$dir" --dbpath /var/lib/rpm --nodeps --noscripts --ignorearch -i "$archive" 2>/dev/null ;;
		*.msi) msiextract -C "$dir" "$archive" >/dev/null ;;
		*) tar xzf "$archive" -C "$dir" 2>/dev/null ;; # an apk is three archives in a row
		esac
		find "$dir" '(' -name codexform -o -name codexform.exe ')' -type f -size +1M >"$work/programs"
		[ "$(wc -l <"$work/programs")" = 1 ] || fail "$archive has not one program"
		grep -qF "$commit" "$(cat "$work/programs")" || fail "$archive: the program does not know its commit"
		case $archive in
		*windows* | *darwin* | *arm64* | *aarch64*) ;;
		*) "$(cat "$work/programs")" --version | grep -F "$commit" | grep -qF "${SNAPSHOT%%~*}" || fail "$archive: the program tells another version" ;;
		esac
	done
	echo "versions: $n packages, each with the commit"
}

# The others, read back by the programs of their systems.
others() {
	local rpm apk program
	versions
	lintian --allow-root --fail-on error "$out"/*.deb >"$work/lintian" 2>&1 || { cat "$work/lintian" >&2; fail "lintian finds an error"; }
	# rpmlint unpacks by cpio, and the names in these packages are absolute: as root it
	# would write over the machine's own /usr, and look at an empty folder.
	mkdir "$work/bin"
	printf '#!/bin/sh\nexec %s --no-absolute-filenames "$@"\n' "$(command -v cpio)" >"$work/bin/cpio"
	chmod +x "$work/bin/cpio"
	PATH=$work/bin:$PATH rpmlint -c .ci/package/rpmlint.toml "$out"/*.rpm >"$work/rpmlint" 2>&1 || { cat "$work/rpmlint" >&2; fail "rpmlint finds an error"; }
	! command -v codexform >/dev/null || fail "reading the packages put $(command -v codexform) onto this machine"
	for rpm in "$out"/*.rpm; do
		rpm -qpl "$rpm" 2>/dev/null | grep '^/usr/bin/codexform$' >/dev/null || fail "$rpm has no program"
		rpm -qp --scripts "$rpm" 2>/dev/null | grep -q '/var/lib/codexform' || fail "$rpm: its removal does not say what stays"
		rpm -K --nosignature "$rpm" >/dev/null || fail "$rpm: its digests are wrong"
	done
	rpm=$(ls "$out"/*.x86_64.rpm)
	mkdir "$work/root"
	rpm --root "$work/root" --dbpath /var/lib/rpm --initdb
	rpm --root "$work/root" --dbpath /var/lib/rpm --nodeps --noscripts -i "$rpm" 2>/dev/null
	program=$work/root$(rpm -qpl "$rpm" 2>/dev/null | grep '/bin/codexform$')
	"$program" --version >/dev/null
	rpm --root "$work/root" --dbpath /var/lib/rpm --nodeps --noscripts -e codexform 2>/dev/null
	[ ! -e "$program" ] || fail "rpm -e leaves the program"
	for apk in "$out"/*.apk; do
		tar tzf "$apk" 2>/dev/null | grep '^usr/bin/codexform$' >/dev/null || fail "$apk has no program"
		tar xzOf "$apk" .post-deinstall 2>/dev/null | grep -q '/var/lib/codexform' || fail "$apk: its removal does not say what stays"
	done
	msiinfo export "$out"/codexform_*_windows_amd64.msi File | grep 'codexform.exe' >/dev/null || fail "the MSI has no program"
	msiinfo export "$out"/codexform_*_windows_amd64.msi Environment | grep '=-\*PATH' >/dev/null || fail "the MSI does not set PATH"
	msiextract -C "$work/msi" "$out"/codexform_*_windows_amd64.msi >/dev/null
	find "$work/msi" -name codexform.exe -exec cmp {} "$(ls "$out"/codexform_windows_amd64*/codexform.exe)" \; || fail "the MSI has another program"
	for list in "$out"/*.cdx.json; do
		grep -q 'vault/api' "$list" || fail "$list lists no modules"
	done
	go run ./.ci/package/sbom "$(go list -modfile=.ci/package.mod -m -f '{{.Dir}}' github.com/CycloneDX/cyclonedx-go)/schema" "$out"/*.cdx.json
	(cd "$out" && sha256sum -c --quiet ./*_checksums.txt) || fail "a checksum is wrong"
	echo "others: $(ls "$out"/*.rpm | wc -l) rpm, $(ls "$out"/*.apk | wc -l) apk, 1 MSI, $(ls "$out"/*.cdx.json | wc -l) SBOM read back"
}

# A second build shares nothing with the first but the commit and the modules.
twice() {
	local name same=0
	GOCACHE=$work/cache snapshot "$work/a/quite/different/folder"
	for name in $(cd "$out" && ls -- *.tar.gz *.zip *.msi *.deb *.rpm *.apk *.cdx.json *_checksums.txt 2>/dev/null; ls -d codexform_*/codexform*); do
		cmp "$out/$name" "$work/a/quite/different/folder/.tools/package/$name" || fail "$name differs between two builds"
		same=$((same + 1))
	done
	echo "twice: $same of $same files identical"
}

# The release of the tag at hand.
release() {
	"$releaser" release --clean --config .ci/package/goreleaser.yaml
}

first() {
	mkdir -p "$work/one"
	snapshot "$work/one/codexform"
	rm -rf "$out"
	mv "$work/one/codexform/.tools/package" "$out"
	deb
}

need git git
[ "$part" = deb ] || { need wixl wixl; need msiinfo msitools; need faketime faketime; need rpm rpm; need unzip unzip; need lintian lintian; need rpmlint rpmlint; }
tools
case $part in
deb) first ;;
read)
	first
	others
	;;
twice) twice ;;
all)
	first
	others
	twice
	;;
release) release ;;
*) fail "there is no part $part" ;;
esac
