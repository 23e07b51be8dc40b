#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The umbrella is the table of contents: complete, and floor by floor from the bottom.
source "$(dirname "${BASH_SOURCE[0]}")/tree.sh"

look() {
  [ -f include/millrace.hpp ] || { echo "include/millrace.hpp: missing"; return; }
  headers | xargs -r awk -v floors="$floors" -v optional=" $optional " '
    BEGIN { n = split(floors, name, " "); for (i = 1; i <= n; ++i) height[name[i]] = i }
    FNR == 1 { here = substr(FILENAME, 9); all[++count] = here }
    { line = $0; if (here == "millrace.hpp") sub(/^\/\/ #include/, "#include", line) }  # named there, included by who needs it
    match(line, /^#include <millrace\/[^>]*>/) {
      to = substr(line, 11, RLENGTH - 11)
      edge[here, ++edges[here]] = to
      if (here == "millrace.hpp") {
        split(to, part, "/")
        if (height[part[2]] < last) print FILENAME ":" FNR ": " part[2] " after a higher floor; the order is: " floors
        last = height[part[2]]
      }
    }
    END {
      queue[head = tail = 1] = "millrace.hpp"; seen["millrace.hpp"] = 1
      for (; head <= tail; ++head)
        for (i = 1; i <= edges[queue[head]]; ++i)
          if (!(edge[queue[head], i] in seen)) { seen[edge[queue[head], i]] = 1; queue[++tail] = edge[queue[head], i] }
      for (i = 1; i <= count; ++i)
        if (!(all[i] in seen) && !index(optional, " include/" all[i] " ")) print "include/" all[i] ": not reached from include/millrace.hpp; include it there"
    }'
}
findings look
