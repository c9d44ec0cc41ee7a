#!/bin/bash
# What other ways do with one small job, each with its own program, beside codexform:
# another model in a config.toml that somebody has lived in, and a key in auth.json.
# Prints docs/figures/peers.md. Linux; a program that is not there is left out and said.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
work=$(mktemp -d)
trap 'kill $gateway 2>/dev/null || true; rm -rf "$work"' EXIT
export KEY=sk-peers-0123456789abcdef WRONG=sk-peers-wrong-key-00000 PATH="$work/bin:$root/.tools/peers:$PATH" LC_ALL=C.UTF-8
mkdir "$work/bin"
CGO_ENABLED=0 go build -trimpath -o "$work/bin/codexform" ./cmd/codexform
go build -o "$work/gateway" ./.ci/peers/gateway
"$work/gateway" "$KEY" >"$work/url" &
gateway=$!
for _ in $(seq 50); do if [ -s "$work/url" ]; then break; fi; sleep 0.1; done
url=$(cat "$work/url")

# furnish makes a home anew: config.toml is a link into a folder of dotfiles.
furnish() {
	chmod -R u+w "$work/home" 2>/dev/null || true
	rm -rf "${work:?}/home"
	mkdir -p "$work/home/.codex" "$work/home/dotfiles"
	export HOME=$work/home
	cat >"$HOME/dotfiles/config.toml" <<EOF
# Kim's Codex
model_provider = "corp"
model = "gpt-5"             # until the gateway is there
developer_instructions = """
Where a file says
model = "house style"
leave it alone.
"""

[model_providers.corp]
name = "Corp gateway"
base_url = "$url/v1"   # the old one ends in spring
wire_api = "responses"
requires_openai_auth = true

[tui]
notifications = true        # the night shift wants them
EOF
	ln -s ../dotfiles/config.toml "$HOME/.codex/config.toml"
	printf '{"OPENAI_API_KEY": "%s"}\n' "$KEY" >"$HOME/.codex/auth.json"
	chmod 600 "$HOME/.codex/auth.json"
	before=$(cat "$HOME/.codex/config.toml")
}

# --- the ways: apply_NAME writes with the key $USE, check_NAME says what would change

apply_script() {
	sed -i 's/^model = .*/model = "gpt-5.4"/' "$HOME/.codex/config.toml"
	printf '{"OPENAI_API_KEY": "%s"}\n' "$USE" >"$HOME/.codex/auth.json"
	chmod 600 "$HOME/.codex/auth.json"
}
check_script() { return 99; }

apply_yq() {
	.tools/peers/yq -p toml -o toml -i '.model = "gpt-5.4"' "$HOME/.codex/config.toml"
	.tools/peers/yq -n -o json '.OPENAI_API_KEY = env(USE)' >"$HOME/.codex/auth.json"
	chmod 600 "$HOME/.codex/auth.json"
}
check_yq() { return 99; }

chezmoi_source() {
	mkdir -p "$HOME/source/private_dot_codex"
	printf '%s' '{{- /* chezmoi:modify-template */ -}}
{{ fromToml .chezmoi.stdin | setValueAtPath "model" "gpt-5.4" | toToml }}' >"$HOME/source/private_dot_codex/modify_config.toml"
	printf '%s\n' '{"OPENAI_API_KEY": "{{ env "USE" }}"}' >"$HOME/source/private_dot_codex/private_auth.json.tmpl"
}
cz() { chezmoi --source "$HOME/source" --destination "$HOME" --persistent-state "$HOME/state" --no-tty --no-pager "$@"; }
apply_chezmoi() { chezmoi_source && cz apply --force; }
check_chezmoi() { chezmoi_source && cz diff; }

playbook() {
	cat >"$HOME/play.yml" <<'EOF'
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - lineinfile: {path: "{{ lookup('env', 'HOME') }}/.codex/config.toml", regexp: '^model = ', line: 'model = "gpt-5.4"', firstmatch: true}
    - copy: {dest: "{{ lookup('env', 'HOME') }}/.codex/auth.json", mode: "0600", content: "{\"OPENAI_API_KEY\": \"{{ lookup('env', 'USE') }}\"}\n"}
EOF
}
play() { ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_INVENTORY_UNPARSED_WARNING=false ansible-playbook -i localhost, "$HOME/play.yml" "$@"; }
apply_ansible() { playbook && play; }
check_ansible() { playbook && play --check --diff; }

policy() {
	cat >"$HOME/codex.yaml" <<EOF
version: 1
provider: {id: corp, name: Corp gateway, base_url: $url/v1}
secret: {env: USE}
settings: {model: gpt-5.4}
EOF
	chmod 600 "$HOME/codex.yaml"
}
apply_codexform() { policy && codexform apply --auto-approve --codex off -f "$HOME/codex.yaml"; }
check_codexform() { policy && codexform plan --detailed-exitcode --codex off -f "$HOME/codex.yaml"; }

# --- what is looked at

comments() { grep -c '#' "$HOME/.codex/config.toml" || true; }

# wide watches for a moment in which auth.json, or what becomes it, may be read by others.
wide() {
	if grep -E 'auth\.json|\.auth[">]' "$work/trace" | grep -v '\.tmpl"' | grep -qE 'chmod.*0[0-7][0-7]*[4567]\)|, 0(644|664|666)\) = [0-9]'; then echo "yes"; else echo "no"; fi
}

measure() { # measure NAME
	local way=$1 printed code link text
	umask 022
	furnish
	export USE=$KEY-new
	printed=$("check_$way" 2>&1) && code=0 || code=$?
	if [ $code = 99 ]; then
		shown="none"
	elif grep -q "$USE" <<<"$printed"; then
		shown="prints it"
	else
		shown="keeps it"
	fi
	checked=$([ $code = 99 ] && echo none || echo $code)
	# a check that cannot work: config.toml is a folder
	furnish && rm "$HOME/.codex/config.toml" && mkdir "$HOME/.codex/config.toml"
	"check_$way" >/dev/null 2>&1 && failed=0 || failed=$?
	[ "$checked" = none ] && failed=none

	furnish
	export USE=$KEY
	"apply_$way" >/dev/null 2>&1 || { echo "$way: does not do the job" >&2; return 1; }
	link=$([ -L "$HOME/.codex/config.toml" ] && echo yes || echo no)
	text=$(grep -q 'house style' "$HOME/.codex/config.toml" && echo yes || echo no)
	kept="$(comments) of 4"
	lines=$(diff <(echo "$before") "$HOME/.codex/config.toml" | grep -c '^[<>]' || true)

	# the second file cannot be written: its name is a folder that is not empty
	furnish
	rm "$HOME/.codex/auth.json" && mkdir -p "$HOME/.codex/auth.json/x"
	"apply_$way" >/dev/null 2>&1 || true
	half=$([ "$(cat "$HOME/.codex/config.toml")" = "$before" ] && echo no || echo yes)

	# the gateway does not know the key
	furnish
	export USE=$WRONG
	"apply_$way" >/dev/null 2>&1 || true
	refused=$(grep -q "$WRONG" "$HOME/.codex/auth.json" && echo "it stays" || echo "not written")

	furnish
	export USE=$KEY
	rm "$HOME/.codex/auth.json"
	export -f "apply_$way" chezmoi_source cz playbook play policy
	export url
	strace -f -qq -y -o "$work/trace" -e trace=openat,creat,chmod,fchmod,fchmodat,?fchmodat2,rename,renameat,renameat2 bash -c "apply_$way" >/dev/null 2>&1 || true
	opened=$(wide)
	printf '%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s\n' "$way" "$shown" "$checked" "$failed" "$kept" "$lines" "$text" "$link" "$half" "$refused" "$opened"
}

declare -A said
ways=(script yq chezmoi ansible codexform)
for way in "${ways[@]}"; do
	case $way in
	script | codexform) ;;
	yq) [ -x .tools/peers/yq ] || continue ;;
	chezmoi) command -v chezmoi >/dev/null || continue ;;
	ansible) command -v ansible-playbook >/dev/null || continue ;;
	esac
	said[$way]=$(measure "$way")
	echo "${said[$way]}" >&2
done

version() {
	case $1 in
	script) echo "sed, printf" ;;
	yq) .tools/peers/yq --version | grep -o 'v[0-9.]*$' ;;
	chezmoi) chezmoi --version | grep -o '[0-9]*\.[0-9]*\.[0-9]*' | head -1 ;;
	ansible) ansible --version | grep -o '[0-9]*\.[0-9]*\.[0-9]*' | head -1 ;;
	codexform) echo "this one" ;;
	esac
}
row() { # row TITLE FIELD
	printf '| %s |' "$1"
	for way in "${ways[@]}"; do [ -n "${said[$way]:-}" ] && printf ' %s |' "$(cut -d'|' -f"$2" <<<"${said[$way]}")"; done
	echo
}
{
	cat .ci/peers/head.txt
	printf '| |'
	for way in "${ways[@]}"; do [ -n "${said[$way]:-}" ] && printf ' %s %s |' "$way" "$(version "$way")"; done
	printf '\n|---|'
	for way in "${ways[@]}"; do [ -n "${said[$way]:-}" ] && printf -- '---|'; done
	echo
	row "what it shows before it writes, of the key" 2
	row "exit code of that, with a change to make" 3
	row "exit code of that, where it cannot work" 4
	row "comments kept" 5
	row "lines of config.toml that differ (2 are wanted)" 6
	row "the text in the string stays" 7
	row "the link stays a link" 8
	row "config.toml changed though auth.json could not be" 9
	row "a key that the gateway refuses" 10
	row "a moment in which others may read auth.json" 11
	cat .ci/peers/tail.txt
} >docs/figures/peers.md
