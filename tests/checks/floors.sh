#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Includes only go down, and what belongs to one folder stays there.
source "$(dirname "${BASH_SOURCE[0]}")/tree.sh"

# file:line:included, the latter with its <> or ""
includes() {
  headers | xargs -r grep -nHE '^[[:space:]]*#[[:space:]]*include' |
    sed -E 's/^([^:]*):([0-9]+):[[:space:]]*#[[:space:]]*include[[:space:]]*([<"][^>"]*[>"]).*/\1:\2:\3/'
}

look() {
  includes | awk -F: -v floors="$floors" -v optional=" $optional " '
    function say(what) { print $1 ":" $2 ": " what }
    BEGIN { n = split(floors, name, " "); for (i = 1; i <= n; ++i) height[name[i]] = i }
    {
      file = $1; what = $3; own = ""
      if (split(file, part, "/") == 4 && part[2] == "millrace") own = part[3]
      else if (file !~ /^include\/millrace(\/separate)?\.hpp$/) { say("not in a floor; headers are include/millrace/<floor>/<name>.hpp"); next }
      if (own != "" && !(own in height)) { say("unknown floor " own "; there are: " floors); next }

      if (what ~ /^"/) say("include " what "; write <millrace/...>")
      if (what == "<millrace.hpp>" && file != "include/millrace/separate.hpp") say("includes the umbrella; include what is needed of it")
      if (what ~ /^<millrace\//) {
        split(substr(what, 11), part, "/")
        if (!(part[1] in height)) say("includes unknown floor " part[1])
        else if (own != "" && height[part[1]] > height[own]) say(own " includes " part[1] ", which is above it")
      }
      if (what ~ /^<(functional|future|iostream|regex)>$/ && !index(optional, " " file " ")) say(what " costs too much to compile; do without")
      if (what ~ /^<hwloc/ && own != "place") say("hwloc outside place/")
      if (what ~ /^<boost\// && file != "include/millrace/sync/mailbox.hpp") say("Boost outside sync/mailbox.hpp")
      if (what ~ /^<atomic>$/ && own != "sync") say("<atomic> outside sync/; use what sync/ offers")
    }'
  # Circles: tsort names the headers of one.
  includes | sed -nE 's|^include/([^:]*):[0-9]+:<(millrace/[^>]*)>$|\1 \2|p' | { tsort 2>&1 >/dev/null || true; } |
    sed -nE 's|^tsort: -: input contains a loop:|include: these headers include each other in a circle:|p; s|^tsort: (millrace/.*)|  \1|p'
}
findings look
