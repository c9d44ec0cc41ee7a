#!/usr/bin/env bash
# Plans a pull request's desired state from the one of its base commit, without a
# Codex home and without a secret. Findings go to stdout as annotations, the plan as
# Markdown to the step's summary and to a file.
#
#   FILES      the YAML files, separated by blanks
#   BASE       the base commit; empty plans from an empty home
#   CODEXFORM  the program
set -euo pipefail
: "${CODEXFORM:=codexform}" "${BASE:=}" "${RUNNER_TEMP:=$(mktemp -d)}"
: "${GITHUB_STEP_SUMMARY:=/dev/null}" "${GITHUB_OUTPUT:=/dev/null}"

home=$RUNNER_TEMP/codexform-home
before=$RUNNER_TEMP/codexform-base
markdown=$RUNNER_TEMP/codexform-plan.md
mkdir -p "$home" "$before"

args=(plan --secrets skip --codex-home "$home")
for file in $FILES; do
  args+=(-f "$file")
  if [ -n "$BASE" ] && git cat-file -e "$BASE:./$file" 2>/dev/null; then
    mkdir -p "$before/$(dirname "$file")"
    git show "$BASE:./$file" >"$before/$file"
    args+=(--base "$before/$file")
  fi
done

code=0
"$CODEXFORM" "${args[@]}" --format markdown --detailed-exitcode >"$markdown" 2>/dev/null || code=$?
cat "$markdown" >>"$GITHUB_STEP_SUMMARY"
"$CODEXFORM" "${args[@]}" --format github || code=$?
case $code in
  0) changes=false ;;
  2) changes=true code=0 ;;
  *) changes=unknown ;;
esac
{
  echo "changes=$changes"
  echo "markdown=$markdown"
} >>"$GITHUB_OUTPUT"
exit "$code"
