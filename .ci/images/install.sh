#!/bin/sh
# What make images builds with, as root on Debian: buildah, which needs no daemon, and
# below .tools/images a Debian out of its own packages, since no registry of images is
# asked, and the reference implementation of devcontainers. What is there already stays.
set -eu
cd "$(dirname "$0")/../.."
missing=
for program in buildah debootstrap; do
	command -v "$program" >/dev/null || missing="$missing $program"
done
if [ -n "$missing" ]; then
	apt-get update -qq
	# shellcheck disable=SC2086 # words
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
mkdir -p .tools/images
store="buildah --root $PWD/.tools/images/store --runroot $PWD/.tools/images/run --storage-driver vfs"
if ! $store inspect --type image localhost/debian:bookworm-slim >/dev/null 2>&1; then
	rootfs=$(mktemp -d)
	trap 'rm -rf "$rootfs"' EXIT
	debootstrap --variant=minbase bookworm "$rootfs/debian" >/dev/null
	base=$($store from scratch)
	$store add "$base" "$rootfs/debian" / >/dev/null
	$store commit --rm "$base" localhost/debian:bookworm-slim >/dev/null
fi
if ! cmp -s .ci/images/package-lock.json .tools/images/package-lock.json; then
	cp .ci/images/package.json .ci/images/package-lock.json .ci/images/.npmrc .tools/images/
	(cd .tools/images && npm ci --no-progress </dev/null)
fi
