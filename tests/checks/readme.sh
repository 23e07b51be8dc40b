#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# C++ that a README shows is a region of a compiled file.
source "$(dirname "${BASH_SOURCE[0]}")/tree.sh"

look() {
  { files | grep -E '(^|/)README\.md$' || true; } | while IFS= read -r readme; do
    awk -v readme="$readme" '
      function say(line, what) { print readme ":" line ": " what }
      function trimmed(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }
      # The lines of `text`, less what all of them are indented by.
      function flush_left(text,   n, line, i, least, width, out) {
        n = split(text, line, "\n"); least = 1000
        for (i = 1; i < n; ++i)
          if (line[i] ~ /[^ ]/) { match(line[i], /^ */); width = RLENGTH; if (width < least) least = width }
        for (i = 1; i < n; ++i) { sub(/[ \t]+$/, "", line[i]); out = out substr(line[i], least + 1) "\n" }
        return out
      }
      function region(path, name,   line, text, state, got) {
        while ((got = (getline line < path)) > 0) {
          if (trimmed(line) == "// [" name "]") state = "in"
          else if (trimmed(line) == "// [/" name "]") state = "done"
          else if (state == "in" && trimmed(line) !~ /^\/\/ \[\/?[a-z0-9_ -]+\]$/) text = text line "\n"
        }
        close(path)
        problem = got < 0 ? "no file " path : state == "" ? path " has no line // [" name "]" : state == "in" ? path " has no line // [/" name "]" : ""
        return text
      }
      !fenced && /^[ \t]*```(cpp|c\+\+|C\+\+|cxx|cc)[ \t]*$/ { fenced = cpp = 1; begin = FNR; code = ""; next }
      !fenced && /^[ \t]*```/ { fenced = 1; cpp = 0; if (mark != "") say(FNR, "a region mark before a fence that is not cpp"); mark = ""; next }
      fenced && /^[ \t]*```[ \t]*$/ {
        fenced = 0
        if (!cpp) next
        if (mark == "") {
          if (readme == "README.md") say(begin, "C++ without a mark; quote a compiled file: <!-- region: path name -->")
        } else {
          split(mark, at, " ")
          want = region(at[1], at[2])
          if (problem != "") say(begin - 1, problem)
          else if (at[1] !~ /^(examples|tests|bench|include)\/.*\.(cpp|cxx|hpp)$/) say(begin - 1, at[1] " is not compiled; take a file of examples/, tests/ or bench/")
          else if (flush_left(want) != flush_left(code)) say(begin, "differs from the region " at[2] " of " at[1] "; copy it anew")
        }
        mark = ""; next
      }
      fenced { code = code $0 "\n"; next }
      mark != "" { say(FNR - 1, "a region mark must stand on the line before its fence"); mark = "" }
      /^[ \t]*<!-- region: [^ ]+ [^ ]+ -->[ \t]*$/ { mark = $3 " " $4 }
      END { if (fenced) say(begin, "this fence is never closed") ; else if (mark != "") say(FNR, "a region mark without a fence") }
    ' "$readme"
  done
}
findings look
