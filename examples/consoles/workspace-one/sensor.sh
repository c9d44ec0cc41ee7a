#!/bin/sh
# Workspace ONE, sensor of type String: letters, digits and _ only.
set -u
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
exec "${CODEXFORM:-codexform}" status --contract ws1-attr -f "${CODEXFORM_POLICY:-/etc/codexform/codex.yaml}"
