#!/bin/sh
# Intune, custom attribute for macOS of type String: one word.
set -u
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
exec "${CODEXFORM:-codexform}" status --contract intune-mac-attr -f "${CODEXFORM_POLICY:-/etc/codexform/codex.yaml}"
