#!/bin/sh
# After a removal: nothing is asked, and nothing of a user's is touched. deb calls with
# a word, rpm with how many versions stay, apk with nothing.
set -e
case "${1:-remove}" in
remove | purge | 0)
	echo "codexform is removed. Codex keeps working: config.toml and auth.json stay as they are, and so do the .codexform folders beside them, /etc/codex and /var/lib/codexform, and timers that you copied. Had you wanted everything given back, run codexform destroy before the removal (as root for all users: --all-users)."
	;;
esac
