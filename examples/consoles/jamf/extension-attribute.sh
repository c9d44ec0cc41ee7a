#!/bin/sh
# Jamf Pro, extension attribute of type String: in_sync, drift, held or error:CODE.
set -u
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
exec "${CODEXFORM:-codexform}" status --contract jamf-ea -f "${CODEXFORM_POLICY:-/etc/codexform/codex.yaml}"
