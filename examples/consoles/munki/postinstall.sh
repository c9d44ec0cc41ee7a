#!/bin/sh
# Munki, postinstall_script of a nopkg item.
set -u
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
exec "${CODEXFORM:-codexform}" apply --contract exit01 --auto-approve -f "${CODEXFORM_POLICY:-/etc/codexform/codex.yaml}"
