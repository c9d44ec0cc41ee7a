#!/bin/sh
# Breaks `codexform apply` everywhere; see README.md beside this file. What it is
# given goes to the program: fast, or the names of parts.
cd "$(dirname "$0")" || exit
exec nice go run . "$@"
