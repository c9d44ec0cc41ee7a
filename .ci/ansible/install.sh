#!/bin/sh
# What make ansible runs, as root on Debian: Ansible, an SSH server for each host, and
# what puts a host into a namespace.
set -eu
missing=
for pair in ansible:ansible-core sshd:openssh-server ssh:openssh-client ip:iproute2 systemctl:systemd; do
	command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair##*:}"
done
[ -n "$missing" ] || exit 0
apt-get update -qq
# shellcheck disable=SC2086 # words
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
