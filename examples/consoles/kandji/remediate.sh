#!/bin/sh
# Kandji (Iru), remediation script.
set -u
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
exec "${CODEXFORM:-codexform}" apply --contract kandji --auto-approve -f "${CODEXFORM_POLICY:-/etc/codexform/codex.yaml}"
