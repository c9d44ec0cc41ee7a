#!/bin/sh
# Kandji (Iru), audit script: anything but 0 starts the remediation.
set -u
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
exec "${CODEXFORM:-codexform}" plan --contract kandji -f "${CODEXFORM_POLICY:-/etc/codexform/codex.yaml}"
