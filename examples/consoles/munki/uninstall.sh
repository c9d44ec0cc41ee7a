#!/bin/sh
# Munki, uninstall_script: everything that codexform manages is given back.
set -u
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
exec "${CODEXFORM:-codexform}" destroy --auto-approve
