#!/usr/bin/env bash
# Plans a pull request's desired state from the one of its base commit, without a
# Codex home and without a secret. Findings go to stdout as annotations, the plan as
# Markdown to the step's summary and to a file for a comment.
#
#   FILES      the YAML files and folders, separated by blanks
#   BASE       the base commit; empty plans from an empty home
#   FAIL_ON    the severity that fails the job: error, review or warning
#   CODEXFORM  the program
set -euo pipefail -o noglob
umask 077 # a policy that others may write is a finding
: "${CODEXFORM:=codexform}" "${BASE:=}" "${FAIL_ON:=error}" "${RUNNER_TEMP:=$(mktemp -d)}"
: "${GITHUB_STEP_SUMMARY:=/dev/null}" "${GITHUB_OUTPUT:=/dev/null}"

work=$(mktemp -d "$RUNNER_TEMP/codexform-XXXXXX")
before=$work/base
markdown=$work/plan.md
mkdir "$work/home" "$before"

# note says in the log, at the pull request and on top of the comment where a plan starts.
note() { # level, text without a value of anybody's
  echo "::$1 title=codexform plan::$2"
  printf '**%s**\n\n' "$2" >>"$markdown"
}

# listed are the names at a path of the base commit: a file, or what a folder has.
listed() { # path
  if [ "$(git cat-file -t "$BASE:./$1" 2>/dev/null)" = tree ]; then
    git ls-tree -z --name-only "$BASE" -- "$1/"
  else
    git ls-tree -z --name-only "$BASE" -- "$1"
  fi
}

# copy puts the YAML files at a path of the base commit below $before.
copy() { # path
  local name found=1
  while IFS= read -r -d '' name; do
    case $name in *.yaml | *.yml) ;; *) continue ;; esac
    mkdir -p "$before/$(dirname "$name")"
    git show "$BASE:./$name" >"$before/$name"
    found=0
  done < <(listed "$1")
  return $found
}

if [ -n "$BASE" ] && ! git cat-file -e "$BASE^{commit}" 2>/dev/null; then
  echo "::error title=codexform plan::the base commit is not in this clone, so nobody can say what changes; check out with fetch-depth: 0"
  { echo "changes=unknown"; echo "review=unknown"; echo "markdown="; } >>"$GITHUB_OUTPUT"
  exit 3
fi

echo '<!-- codexform plan -->' >"$markdown"
head=() base=()
for file in $FILES; do
  if [ -e "$file" ]; then head+=(-f "$file"); fi
  if [ -n "$BASE" ] && copy "${file%/}"; then base+=(--base "$before/${file%/}"); fi
done

if [ ${#base[@]} -gt 0 ] && ! problems=$("$CODEXFORM" validate "${base[@]/#--base/-f}" 2>&1); then
  printf '%s\n' "${problems//"$before/"/base: }"
  note warning 'The policy of the base commit cannot be read: this plan starts from an empty home (--base none).'
  base=()
elif [ ${#base[@]} -eq 0 ] && [ ${#head[@]} -gt 0 ]; then
  note notice 'The base has no such policy: this plan starts from an empty home (--base none).'
elif [ ${#head[@]} -eq 0 ] && [ ${#base[@]} -gt 0 ]; then
  note warning 'The policy is deleted: this is what codexform destroy would do on a machine that follows the base.'
  base+=(--destroy)
fi
if [ ${#head[@]} -eq 0 ] && [ ${#base[@]} -eq 0 ]; then
  note error 'There is no policy to plan, neither here nor in the base: look at the input files.'
  cat "$markdown" >>"$GITHUB_STEP_SUMMARY"
  { echo "changes=unknown"; echo "review=unknown"; echo "markdown=$markdown"; } >>"$GITHUB_OUTPUT"
  exit 3
fi
[ ${#base[@]} -gt 0 ] || base=(--base none)

args=(plan --secrets skip --codex-home "$work/home" ${head[@]+"${head[@]}"} "${base[@]}")
code=0
"$CODEXFORM" "${args[@]}" --format markdown --detailed-exitcode >>"$markdown" 2>/dev/null || code=$?
cat "$markdown" >>"$GITHUB_STEP_SUMMARY"
failed=0
"$CODEXFORM" "${args[@]}" --format github --fail-on "$FAIL_ON" || failed=$?
review=false
case $code in
  0) changes=false ;;
  2) changes=true ;;
  *) changes=unknown review=unknown failed=$code ;;
esac
if [ "$review" = false ] && ! "$CODEXFORM" "${args[@]}" --fail-on review >/dev/null 2>&1; then review=true; fi
{
  echo "changes=$changes"
  echo "review=$review"
  echo "markdown=$markdown"
} >>"$GITHUB_OUTPUT"
exit "$failed"
