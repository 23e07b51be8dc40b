#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What holds for every file: its licence, nothing unfinished, nothing of one machine, headers that one can read.
source "$(dirname "${BASH_SOURCE[0]}")/tree.sh"

unfinished='TO''DO|FIX''ME|XX''X'                              # in pieces, so that this file passes
machine="$(pwd -P)([^A-Za-z0-9_]|\$)|/(ho""me|Us""ers)/[a-z]|/ro""ot/|/wo""rk/"

look() {
  files | while IFS= read -r f; do
    head -n 5 "$f" | grep -q 'SPDX-License-Identifier: MIT' || echo "$f:1: no line SPDX-License-Identifier: MIT"
  done
  files | xargs -r -d '\n' grep -nHIE "$unfinished" | sed -E 's/^([^:]*:[0-9]+):/\1: unfinished; do it, or leave it out:/' || true
  files | xargs -r -d '\n' grep -nHIE "$machine" | sed -E 's/^([^:]*:[0-9]+):/\1: a path of one machine:/' || true
  headers | while IFS= read -r f; do
    n=$(wc -l <"$f")
    [ "$n" -le 400 ] || echo "$f:400: $n lines; a header is one idea, at most 400"
  done
}
findings look
