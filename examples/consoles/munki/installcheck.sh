#!/bin/sh
# Munki, installcheck_script: 0 installs, which runs postinstall.sh.
set -u
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
exec "${CODEXFORM:-codexform}" plan --contract munki-installcheck -f "${CODEXFORM_POLICY:-/etc/codexform/codex.yaml}"
