#!/bin/sh
# Munki, uninstallcheck_script: 0 removes, which runs uninstall.sh.
set -u
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
exec "${CODEXFORM:-codexform}" status --contract munki-uninstallcheck -f "${CODEXFORM_POLICY:-/etc/codexform/codex.yaml}"
