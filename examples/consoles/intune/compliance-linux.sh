#!/bin/sh
# Intune, custom compliance for Linux: one line of JSON. codexform export intune-rules
# prints the rules that it is held against.
set -u
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
exec "${CODEXFORM:-codexform}" status --contract intune-compliance -f "${CODEXFORM_POLICY:-/etc/codexform/codex.yaml}"
