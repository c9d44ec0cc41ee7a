#!/bin/sh
# Fleet, the script of a policy: what it prints last is what Fleet keeps.
set -u
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
exec "${CODEXFORM:-codexform}" apply --contract fleet-script --auto-approve -f "${CODEXFORM_POLICY:-/etc/codexform/codex.yaml}"
