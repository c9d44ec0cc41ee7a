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
top=$(realpath -- "$(git rev-parse --show-toplevel)")
prefix=$(git rev-parse --show-prefix)

# Each set of files has a comment of its own: the first line, which nobody sees, names it.
named=${FILES//[^A-Za-z0-9._\/ ]/_} # no --, which would end a comment of HTML
[ "$named" = "$FILES" ] || named="$named $(cksum <<<"$FILES" | cut -d ' ' -f 1)"
marker="<!-- codexform plan of $named -->"

# note says in the log, at the pull request and on top of the comment where a plan starts.
note() { # level, text without a value of anybody's
  echo "::$1 title=codexform plan::$2"
  printf '**%s**\n\n' "$2" >>"$markdown"
}

# refuse ends the step, and says why at the pull request and in the comment.
refuse() { # text
  note error "$1"
  cat "$markdown" >>"$GITHUB_STEP_SUMMARY"
  { echo "changes=unknown"; echo "review=unknown"; echo "markdown=$markdown"; echo "marker=$marker"; } >>"$GITHUB_OUTPUT"
  exit 3
}

# within tells whether a path ends inside this repository's files, wherever its links
# lead: what is outside is none of a pull request's business, and the log would quote it.
within() { # path
  local real
  real=$(realpath -- "$1") || return 1
  case $real/ in "$top"/.git/*) return 1 ;; "$top"/*) ;; *) return 1 ;; esac
}

# object is what stands at a path of the base commit, links followed: its name and type.
object() { # path
  git cat-file --batch-check='%(objectname) %(objecttype)' --follow-symlinks <<<"$BASE:$prefix$1" | sed -n '/ blob$/p; / tree$/p'
}

# listed are the names at a path of the base commit: a file, or what a folder has.
listed() { # path
  local it name
  it=$(object "$1")
  case $it in
    *' blob') printf '%s\0' "$1" ;;
    *' tree') git ls-tree -z --name-only "${it% tree}" | while IFS= read -r -d '' name; do printf '%s/%s\0' "$1" "$name"; done ;;
  esac
}

# copy puts the YAML files at a path of the base commit below $before.
copy() { # path
  local name it found=1
  while IFS= read -r -d '' name; do
    case $name in *.yaml | *.yml) ;; *) [ "$name" = "$1" ] || continue ;; esac
    it=$(object "$name")
    case $it in *' blob') ;; *) continue ;; esac
    mkdir -p "$before/$(dirname "$name")"
    git cat-file blob "${it% blob}" >"$before/$name"
    found=0
  done < <(listed "$1")
  return $found
}

# renamed is the name that a file of this commit had in the base, by what is in it.
renamed() { # path
  git diff --find-renames=30% --name-status -z --diff-filter=R --relative "$BASE" -- 2>/dev/null |
    while IFS= read -r -d '' _ && IFS= read -r -d '' old && IFS= read -r -d '' new; do
      if [ "$new" = "$1" ]; then printf '%s' "$old"; break; fi
    done
}

# here tells whether there is a policy at a path: a file, or a folder with one.
here() { # path
  local one
  [ -e "$1" ] || [ -L "$1" ] || return 1
  within "$1" || refuse "A policy is a link that leads out of this repository, or nowhere: it is not read."
  [ -d "$1" ] || return 0
  local found=1
  while IFS= read -r -d '' one; do
    within "$one" || refuse "A policy is a link that leads out of this repository, or nowhere: it is not read."
    found=0
  done < <(find "$1/" -maxdepth 1 -name '*.yaml' -print0)
  return $found
}

if [ -n "$BASE" ] && ! git cat-file -e "$BASE^{commit}" 2>/dev/null; then
  echo "::error title=codexform plan::the base commit is not in this clone, so nobody can say what changes; check out with fetch-depth: 0"
  { echo "changes=unknown"; echo "review=unknown"; echo "markdown="; echo "marker=$marker"; } >>"$GITHUB_OUTPUT"
  exit 3
fi

echo "$marker" >"$markdown"
head=() base=()
for file in $FILES; do
  file=${file#./}
  if here "$file"; then head+=(-f "$file"); fi
  [ -n "$BASE" ] || continue
  if copy "${file%/}"; then
    base+=(--base "$before/${file%/}")
  elif old=$(renamed "$file") && [ -n "$old" ] && [[ " $FILES " != *" $old "* ]] && copy "$old"; then
    base+=(--base "$before/$old")
    note notice 'The policy had another name in the base: this plan starts from what it said there.'
  fi
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
  refuse 'There is no policy to plan, neither here nor in the base: look at the input files.'
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
  echo "marker=$marker"
} >>"$GITHUB_OUTPUT"
exit "$failed"
