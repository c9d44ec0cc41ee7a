#!/bin/bash
# Runs the jobs of docs/guides/review.md as a forge runs them, without Docker: GitHub's
# under act, with the real gh against a stand-in of GitHub's API, GitLab's under
# gitlab-ci-local, and the shell of Azure's and Buildkite's alone, since no runner of
# theirs runs here; and the jobs that run Codex with a real Vault: the setup action under act, GitLab's under gitlab-ci-local. Each of six pull requests: a policy is added, deleted, changed in a
# harmless and in a harmful way, its base is broken, its base commit is missing.
#
#	run.sh [github|gitlab|shell|setup|runner]     all where none is named
#
# Installs gh and rsync where they are not there, as root on Debian.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
work=$(mktemp -d)
api=
leave() {
	[ -z "$api" ] || kill $api 2>/dev/null || true # words
	rm -rf "$work"
}
trap leave EXIT
fail() { echo "make forge: $*" >&2; exit 1; }
ran=0
ok() { ran=$((ran + 1)); echo "ok  $*"; }

need() { # need PROGRAM...
	local p
	for p; do command -v "$p" >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$p" >/dev/null; }; done
}

tools() {
	need gh rsync openssl curl jq
	mkdir -p .tools/forge
	local version
	version=$(awk '$1 == "github.com/nektos/act" {print $2}' .ci/forge.mod)
	go version -m .tools/act 2>/dev/null | grep -q "nektos/act[[:space:]]$version" || go build -modfile=.ci/forge.mod -o .tools/act github.com/nektos/act
	if ! cmp -s .ci/forge/package-lock.json .tools/forge/.installed; then
		cp .ci/forge/package.json .ci/forge/package-lock.json .ci/forge/.npmrc .tools/forge/
		(cd .tools/forge && npm ci --no-progress </dev/null)
		cp .ci/forge/package-lock.json .tools/forge/.installed
	fi
	CGO_ENABLED=0 go build -trimpath -o "$work/bin/" ./cmd/codexform
	export PATH=$work/bin:$PATH HOME=$work/home GIT_CONFIG_GLOBAL=$work/gitconfig
	mkdir -p "$HOME"
	git config --global user.name kim
	git config --global user.email kim@example.com
	git config --global init.defaultBranch main
}

snippet() { # snippet HEADING: the first YAML below it, with the installation left out: it is there
	awk -v h="## $1" '$0 == h {s=1; next} s && /^```yaml/ {b=1; next} b && /^```/ {exit} b' "$root/docs/guides/review.md" |
		grep -v 'actions/setup-go\|go install \|export PATH='
}

policy() { # policy KIND: the policy that a pull request comes to
	local text
	text=$(cat <<-'Y'
		version: 1
		model: gpt-5.4
		provider:
		  base_url: https://gw.example.com/v1
		secret:
		  env: CODEX_KEY
		settings:
		  approval_policy: on-request
	Y
	)
	case $1 in
	good) ;;
	harmless) text=${text/gpt-5.4/gpt-5.5} ;;
	harmful) text=${text/gw.example.com/gw.example.net} ;;
	broken) text=${text/model:/modle:} ;;
	esac
	printf '%s\n' "$text"
}

# A pull request: BASE and HEAD are kinds of a policy, or none.
request() { # request FOLDER BASE HEAD
	rm -rf "$1"
	git init -q "$1"
	(
		cd "$1"
		mkdir -p .github/workflows
		snippet_of github >.github/workflows/plan.yml
		snippet_of gitlab >.gitlab-ci.yml
		[ "$2" = none ] || policy "$2" >codex.yaml
		git add -A
		git commit -qm base
		git checkout -qb change
		rm -f codex.yaml
		[ "$3" = none ] || policy "$3" >codex.yaml
		git add -A
		git commit -qm change --allow-empty
	)
}
snippet_of() { (cd "$root" && cat "$work/$1.yml"); }

# --- GitHub ---

github_start() {
	snippet GitHub >"$work/github.yml"
	snippet_accept >>"$work/github.yml"
	api_start
}
api_start() { # a stand-in of both forges' API
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost 2>/dev/null
	node .ci/forge/api.js "$work/key.pem" "$work/cert.pem" "$work/port" "$work/comments.json" &
	api=$!
	while [ ! -s "$work/port" ]; do sleep 0.1; done
}
snippet_note() { awk '/^YAML, and the job.s log has/ {s=1; next} s && /^```yaml/ {b=1; next} b && /^```/ {exit} b' docs/guides/review.md; }
snippet_accept() { awk '/^### A person accepts/ {s=1; next} s && /^```yaml/ {b=1; next} b && /^```/ {exit} b' docs/guides/review.md; }

github() { # github BASE HEAD [EDIT-OF-THE-WORKFLOW]: the exit code is act's; $work/log, $work/comment
	request "$work/repo" "$1" "$2"
	local base
	base=$(git -C "$work/repo" rev-parse main)
	[ "$1" != missing ] || base=0123456789012345678901234567890123456789
	[ -z "${3:-}" ] || sed -i "$3" "$work/repo/.github/workflows/plan.yml"
	(cd "$work/repo" && git commit -qam edit) || true
	printf '{"number": 7, "pull_request": {"number": 7, "base": {"sha": "%s"}, "labels": []}}' "$base" >"$work/event.json"
	act_run
}

act_run() {
	local code=0
	(cd "$work/repo" && timeout 120 "$root/.tools/act" pull_request -P ubuntu-latest=-self-hosted --action-offline-mode --pull=false \
		--local-repository codexform/codexform@main="$root" -e "$work/event.json" -s GITHUB_TOKEN=not-a-token \
		--env GH_HOST="localhost:$(cat "$work/port")" --env GH_ENTERPRISE_TOKEN=not-a-token --env SSL_CERT_FILE="$work/cert.pem" \
		--env GITHUB_REPOSITORY=o/r) >"$work/log" 2>&1 || code=$?
	node -e 'const c = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")); console.log(c.length ? c[c.length - 1].body : "")' "$work/comments.json" >"$work/comment" 2>/dev/null || : >"$work/comment"
	return $code
}

says() { grep -qE -- "$2" "$1" || { cat "$work/log" >&2; echo "--- comment"; cat "$work/comment" >&2; fail "$1 does not say $2"; }; }
silent() { ! grep -qE -- "$2" "$1" || { cat "$1" >&2; fail "$1 says $2"; }; }
expect() { # expect CODE COMMAND...
	local code=0 want=$1
	shift
	"$@" || code=$?
	[ "$code" = "$want" ] || { cat "$work/log" >&2; fail "$*: exit $code, want $want"; }
}

run_github() {
	github_start
	echo '[]' >"$work/comments.json"
	expect 0 github good harmless
	says "$work/comment" '^<!-- codexform plan of codex.yaml -->$'
	says "$work/comment" '^! model +"gpt-5.4" → "gpt-5.5"'
	silent "$work/comment" 'Look at this first'
	silent "$work/log" 'Run Main true' # nobody has to accept
	ok 'GitHub: a harmless change'
	expect 0 github good harmful
	says "$work/comment" 'Look at this first'
	says "$work/comment" 'new.?-host'
	says "$work/log" '::warning file=codex.yaml,line=4,col=13,title=new-host'
	says "$work/log" 'Run Main true'
	[ "$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).length' "$work/comments.json")" = 1 ] || fail 'the comment was not found again'
	ok 'GitHub: a harmful change, in the same comment, and a person is asked'
	expect 1 github good harmful 's/{files: codex.yaml}/{files: codex.yaml, fail-on: review}/'
	says "$work/log" '::error title=invalid::'
	ok 'GitHub: a harmful change fails with fail-on: review'
	expect 0 github none good
	says "$work/comment" 'The base has no such policy'
	says "$work/comment" '^\+ model +"gpt-5.4"'
	ok 'GitHub: a policy is added'
	expect 0 github good none
	says "$work/comment" 'The policy is deleted'
	says "$work/comment" '^- model '
	ok 'GitHub: a policy is deleted'
	expect 0 github broken good
	says "$work/comment" 'The policy of the base commit cannot be read'
	says "$work/log" 'base: codex.yaml:2:1: modle: unknown key'
	ok 'GitHub: the base is broken'
	expect 1 github missing good
	says "$work/log" '::error title=codexform plan::the base commit is not in this clone.*fetch-depth: 0'
	ok 'GitHub: the base commit is missing'
	expect 1 github good broken
	says "$work/log" '::error file=codex.yaml,line=2,col=1'
	says "$work/comment" 'codexform: error'
	ok 'GitHub: the policy itself is broken'
	silent "$work/comment" "$work"
	run_github_files
}

# files_request prepares a pull request of two policies, one of which is a folder; EDIT is
# what it does, and each has a job of its own.
files_request() { # files_request EDIT
	request "$work/repo" good good
	(
		cd "$work/repo"
		git checkout -q main
		sed -i 's/^    runs-on: ubuntu-latest$/&\n    strategy: {max-parallel: 1, matrix: {files: [laptops, ci-runners.yaml]}}/;0,/strategy/!s/^    strategy.*//' .github/workflows/plan.yml
		sed -i 's/{files: codex.yaml}/{files: "${{ matrix.files }}"}/' .github/workflows/plan.yml
		mkdir laptops
		policy good >laptops/a.yaml
		printf 'version: 1\nsettings: {personality: friendly}\n' >laptops/b.yaml
		policy good >ci-runners.yaml
		git add -A
		git commit -qm base
		git checkout -qB change
		eval "$1"
		git add -A
		git commit -qm change
		printf '{"number": 7, "pull_request": {"number": 7, "base": {"sha": "%s"}, "labels": []}}' "$(git rev-parse main)" >"$work/event.json"
	)
	act_run
}

comment_of() { # comment_of MARK: the comment whose first line names MARK, into $work/comment
	node -e 'const c = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).filter((c) => c.body.startsWith("<!-- codexform plan of " + process.argv[2])); console.log(c.length === 1 ? c[0].body : c.length + " comments")' \
		"$work/comments.json" "$1" >"$work/comment"
}

run_github_files() {
	echo '[]' >"$work/comments.json"
	expect 0 files_request 'policy harmless >laptops/a.yaml; policy harmful >ci-runners.yaml'
	comment_of 'laptops -->'
	says "$work/comment" '^! model +"gpt-5.4" → "gpt-5.5" +laptops/a.yaml'
	silent "$work/comment" 'new.?-host'
	comment_of 'ci_runners.yaml '
	says "$work/comment" 'new.?-host'
	silent "$work/comment" 'gpt-5.5'
	ok 'GitHub: two policies, a comment each'
	expect 0 files_request 'git rm -q laptops/b.yaml; git mv ci-runners.yaml laptops/c.yaml; sed -i s/ci-runners.yaml/laptops\\/c.yaml/ .github/workflows/plan.yml; policy harmful >laptops/c.yaml'
	comment_of 'laptops -->'
	says "$work/comment" '^- personality '
	says "$work/comment" 'new.?-host' # c.yaml is of this folder now
	comment_of 'laptops/c.yaml -->'
	says "$work/comment" 'had another name in the base'
	says "$work/comment" '^! model_providers.OpenAI.base_url'
	comment_of 'ci_runners.yaml '
	says "$work/comment" 'new.?-host' # of the first pull request: it is not written over
	ok 'GitHub: one policy removed, one renamed'
}

# --- GitLab ---

gitlab() { # gitlab BASE HEAD
	local from=$1
	[ "$1" != missing ] || from=good
	request "$work/repo" "$from" "$2"
	local base code=0
	base=$(git -C "$work/repo" rev-parse main)
	[ "$1" != missing ] || base=0123456789012345678901234567890123456789
	(cd "$work/repo" && git remote add origin https://gitlab.com/o/r.git && umask 022 && CURL_CA_BUNDLE=$work/cert.pem timeout 120 "$root/.tools/forge/node_modules/.bin/gitlab-ci-local" \
		--force-shell-executor --variable NOTE_TOKEN=not-a-token --variable CI_API_V4_URL="https://localhost:$(cat "$work/port")/api/v4" \
		--variable CI_PROJECT_ID=3 --variable CI_MERGE_REQUEST_IID=7 --variable CI_PIPELINE_SOURCE=merge_request_event --variable CI_MERGE_REQUEST_DIFF_BASE_SHA="$base" \
		plan) >"$work/log" 2>&1 || code=$?
	cp "$work/repo/plan.md" "$work/comment" 2>/dev/null || : >"$work/comment"
	return $code
}

run_gitlab() {
	[ -s "$work/port" ] || api_start
	echo '[]' >"$work/comments.json"
	local note
	note=$(snippet_note)
	snippet GitLab | grep -v '^  image:' | awk -v note="$note" '/--fail-on review/ {print note} {print}' >"$work/gitlab.yml"
	expect 0 gitlab good harmless
	says "$work/repo/plan.json" '"create":0,"delete":0,"update":2'
	ok 'GitLab: a harmless change'
	expect 1 gitlab good harmful
	says "$work/repo/plan.json" '"update":2'
	says "$work/repo/quality.json" '"check_name": "new-host"'
	says "$work/comment" 'new.?-host'
	says "$work/log" 'new-host'
	ok 'GitLab: a harmful change fails, with its reports'
	[ "$(jq length "$work/comments.json")" = 1 ] || fail 'the note was not found again'
	jq -r '.[0].body' "$work/comments.json" >"$work/comment"
	says "$work/comment" '^<!-- codexform plan of codex.yaml -->$'
	says "$work/comment" 'new.?-host'
	ok 'GitLab: the note is found again, and is of the last plan'
	expect 1 gitlab none good # where the key comes from is new, too
	says "$work/repo/plan.json" '"create":9'
	ok 'GitLab: a policy is added'
	expect 1 gitlab good none # what asked is gone
	says "$work/repo/plan.json" '"delete":[1-9]'
	ok 'GitLab: a policy is deleted'
	expect 1 gitlab broken good
	says "$work/log" 'the policy of the base cannot be read'
	ok 'GitLab: the base is broken'
	expect 1 gitlab missing good
	[ ! -e "$work/repo/plan.json" ] || fail 'there is a plan without a base'
	ok 'GitLab: the base commit is missing'
}

# --- Azure and Buildkite: the shell of their jobs ---

lines() { # lines HEADING: the shell of a job
	case $1 in
	Azure*) snippet "$1" | awk '/- script: \|/ {s=1; next} s' | sed 's/^      //' ;;
	Buildkite) echo 'set -e'; snippet "$1" | awk '/commands:/ {s=1; next} /soft_fail/ {exit} s' | sed 's/^      - //; s/\$\$/$/g' ;;
	esac
}

shell() { # shell HEADING BASE HEAD
	request "$work/repo" "$2" "$3"
	local code=0
	(
		cd "$work/repo"
		git update-ref refs/remotes/origin/main main
		git remote add origin "$work/repo"
		export SYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/main BUILDKITE_PULL_REQUEST_BASE_BRANCH=main
		lines "$1" | bash
	) >"$work/log" 2>&1 || code=$?
	cp "$work/repo/plan.md" "$work/comment" 2>/dev/null || cp "$work/annotation" "$work/comment" 2>/dev/null || : >"$work/comment"
	return $code
}

run_shell() {
	: >"$work/github.yml"
	: >"$work/gitlab.yml"
	printf '#!/bin/sh\nexec cat >"%s"\n' "$work/annotation" >"$work/bin/buildkite-agent"
	chmod +x "$work/bin/buildkite-agent"
	local system
	for system in 'Azure Pipelines' Buildkite; do
		rm -f "$work/annotation"
		expect 0 shell "$system" good harmless
		says "$work/comment" '^! model +"gpt-5.4" → "gpt-5.5"'
		expect 3 shell "$system" good harmful
		says "$work/comment" 'new.?-host'
		expect 3 shell "$system" none good
		says "$work/comment" '^\+ model'
		expect 3 shell "$system" good none
		says "$work/comment" '^- model'
		expect 3 shell "$system" broken good
		says "$work/log" 'the policy of the base cannot be read'
		ok "$system: the shell of the job, five pull requests"
	done
}

# --- The setup action: a key from Vault, for one job ---

setup_job() { # setup_job LAST-STEP [SIGNAL]: the exit code is act's; $work/log
	rm -rf "$work/repo"
	git init -q "$work/repo"
	mkdir -p "$work/repo/.github/workflows"
	cat >"$work/repo/codex.yaml" <<-Y
		version: 1
		model: gpt-5.4
		provider: {name: Gate, base_url: $place/v1}
		secret: {vault: {address: "$vault", path: codex, auth: {method: jwt, role: codex, jwt: {github_actions: {audience: codexform}}}}}
	Y
	cat >"$work/repo/.github/workflows/job.yml" <<-Y
		on: push
		jobs:
		  review:
		    runs-on: ubuntu-latest
		    steps:
		      - uses: actions/checkout@v4
		      - uses: codexform/codexform/.github/actions/setup@main
		        id: setup
		      - run: |
		          test -s "\$CODEX_HOME/auth.json"
		          test "\$CODEX_HOME" = "\${{ steps.setup.outputs.codex-home }}"
		          cat "\$CODEX_HOME/auth.json"
		          echo "it is" here
		      - run: $1
	Y
	chmod go-w "$work/repo" "$work/repo/codex.yaml"
	(cd "$work/repo" && git add -A && git commit -qm job)
	(cd "$work/repo" && exec timeout 120 "$root/.tools/act" push -P ubuntu-latest=-self-hosted --action-offline-mode --pull=false \
		--local-repository codexform/codexform@main="$root" \
		--env ACTIONS_ID_TOKEN_REQUEST_URL="$place/token?v=1" --env ACTIONS_ID_TOKEN_REQUEST_TOKEN=runner) >"$work/log" 2>&1 &
	local job=$! code=0
	if [ -n "${2:-}" ]; then
		for _ in $(seq 300); do ! grep -q 'it is here' "$work/log" || break; sleep 0.2; done
		kill -"$2" "$(pgrep -P "$job" -x act || echo "$job")"
	fi
	wait "$job" || code=$?
	silent "$work/log" "$KEY"
	[ -z "$(find "$HOME" "$work/repo" -name 'codex-home-*' 2>/dev/null)" ] || fail "a home is left: $(find "$HOME" -name 'codex-home-*')"
	return $code
}

# trust starts a real Vault that trusts the identity tokens of the repository o/r, the
# endpoint that gives them, and a gateway.
trust() {
	[ -z "${place:-}" ] || return 0
	[ -x .tools/vaultdev/vaultdev ] || make --no-print-directory tools-vault
	export KEY=sk-forge-$(openssl rand -hex 12)
	.tools/vaultdev/vaultdev >"$work/vault" 2>"$work/vault.log" &
	api="$api $!"
	while [ ! -s "$work/vault" ]; do sleep 0.1; done
	vault=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).address' "$work/vault")
	echo o/r >"$work/repository"
	VAULT_ADDR=$vault VAULT_TOKEN=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).root_token' "$work/vault") \
		node .ci/forge/setup.js "$work/repository" "$work/ready" &
	api="$api $!"
	for _ in $(seq 100); do [ ! -s "$work/ready" ] || break; sleep 0.1; done
	place=$(cat "$work/ready")
}

# --- a GitLab job that runs Codex: docs/guides/ci-runners.md ---

runner_job() { # runner_job REPOSITORY CODEX [SIGNAL]: the exit code is the runner's; $work/log
	rm -rf "$work/repo" "$work/builds"
	mkdir "$work/builds"
	git init -q "$work/repo"
	awk '$0 == "## GitLab" {s=1; next} s && /^```yaml/ {b=1; next} b && /^```/ {exit} b' docs/guides/ci-runners.md >"$work/repo/.gitlab-ci.yml"
	cat >"$work/repo/codex.yaml" <<-Y
		version: 1
		model: gpt-5.4
		provider: {name: Gate, base_url: $place/v1}
		secret: {vault: {address: "$vault", path: codex, auth: {method: jwt, role: codex, jwt: {env: VAULT_ID_TOKEN}}}}
	Y
	printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/codex"
	chmod 755 "$work/bin/codex"
	echo "$1" >"$work/repository"
	local token code=0
	token=$(curl -sS -H 'Authorization: Bearer runner' "$place/token?audience=codexform" | jq -r .value)
	(cd "$work/repo" && git add -A && git commit -qm job && git remote add origin https://gitlab.com/o/r.git &&
		timeout 120 "$root/.tools/forge/node_modules/.bin/gitlab-ci-local" --force-shell-executor \
			--variable VAULT_ID_TOKEN="$token" --variable CI_BUILDS_DIR="$work/builds" codex) >"$work/log" 2>&1 &
	local job=$!
	if [ -n "${3:-}" ]; then # as a runner cancels: the script is ended, and after_script runs
		for _ in $(seq 300); do ! grep -q 'it is here' "$work/log" || break; sleep 0.2; done
		# shellcheck disable=SC2046
		kill -"$3" $(cat "$work/script")
	fi
	wait "$job" || code=$?
	echo o/r >"$work/repository"
	silent "$work/log" "$KEY"
	[ -z "$(ls -A "$work/builds")" ] || fail "a home is left: $(ls -A "$work/builds")"
	return $code
}

run_runner() {
	trust
	# A stand-in of Codex: that the real one asks with this key is TestRunners'.
	local turn='test -s "$CODEX_HOME/auth.json" && case $CODEX_HOME in "$CI_BUILDS_DIR"/*) echo "it is" here ;; esac'
	expect 0 runner_job o/r "$turn"
	says "$work/log" 'it is here'
	ok 'GitLab, the job that runs Codex: the key was there, and no home is left'
	expect 1 runner_job o/r "$turn; exit 3"
	says "$work/log" 'it is here'
	ok 'GitLab, the job that runs Codex: the turn fails, and no home is left'
	expect 1 runner_job o/r "echo \$PPID \$\$ >$work/script; $turn; sleep 60" TERM
	says "$work/log" 'it is here'
	ok 'GitLab, the job that runs Codex: its script is ended as a runner ends it, and no home is left'
	expect 1 runner_job mallory/r "$turn"
	silent "$work/log" 'it is here'
	ok "GitLab, the job that runs Codex: another repository's identity gets no key"
}

run_setup() {
	trust
	expect 0 setup_job true
	says "$work/log" 'it is here'
	says "$work/log" '\*\*\*'
	ok 'setup: the repository gets the key, masked, and the home is gone'
	expect 1 setup_job false
	says "$work/log" 'it is here'
	ok 'setup: the job fails, and the home is gone'
	expect 1 setup_job 'sleep 60' INT
	says "$work/log" 'it is here'
	ok 'setup: the job is cancelled by SIGINT, and the home is gone'
	expect 1 setup_job 'sleep 60' TERM
	says "$work/log" 'it is here'
	ok 'setup: the job is cancelled by SIGTERM, and the home is gone'
	echo mallory/r >"$work/repository"
	expect 1 setup_job true
	silent "$work/log" 'it is here'
	says "$work/log" 'codexform apply ended with 4'
	ok "setup: a fork's identity gets no key"
}

tools
[ -e "$work/github.yml" ] || : >"$work/github.yml"
[ -e "$work/gitlab.yml" ] || : >"$work/gitlab.yml"
for part in ${*:-github gitlab shell setup runner}; do "run_$part"; done
echo "make forge: $ran pull requests as they should be"
