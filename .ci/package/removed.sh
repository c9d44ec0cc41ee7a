#!/bin/sh
# After a removal: nothing is asked, and nothing of a user's is touched. deb calls with
# a word, rpm with how many versions stay, apk with nothing.
case "${1:-remove}" in
remove | purge | 0)
	echo "codexform is removed. Codex keeps working: config.toml and auth.json stay as they are, and so do the .codexform folders beside them. Had you wanted them given back, run codexform destroy before the removal."
	;;
esac
exit 0
