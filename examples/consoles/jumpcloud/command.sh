#!/bin/sh
# JumpCloud, command.
set -u
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
exec "${CODEXFORM:-codexform}" apply --contract jumpcloud --auto-approve -f "${CODEXFORM_POLICY:-/etc/codexform/codex.yaml}"
