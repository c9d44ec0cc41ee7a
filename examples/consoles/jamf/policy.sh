#!/bin/sh
# Jamf Pro, policy script. Jamf passes the mount point, the computer and the user first;
# what is typed into the policy's parameters begins at the fourth.
set -u
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
[ "$#" -ge 3 ] && shift 3
exec "${CODEXFORM:-codexform}" apply --contract jamf-policy --auto-approve -f "${CODEXFORM_POLICY:-/etc/codexform/codex.yaml}"
