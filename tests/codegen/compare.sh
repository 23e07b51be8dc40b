#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# compare.sh COMPILER INCLUDE-FOLDER: the instructions of library.cpp and by_hand.cpp, function by function.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
compiler=$1 include=$2
for tool in "$compiler" objdump; do command -v "$tool" >/dev/null || { echo "skipped: $tool: not found"; exit 77; }; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# object <source> <name> [flag...]: one line per instruction, "function: instruction". Jumps within a function by their distance
# from its begin; targets elsewhere and the names of variables are left out, and so is the padding at the end.
object() {
  "$compiler" -std=c++20 -O2 -DNDEBUG "-I$include" "${@:3}" -c "$here/$1" -o "$work/$2.o"
  objdump -d --no-show-raw-insn "$work/$2.o" | awk -F'\t' '
    function flush(i) { while (n > 0 && line[n] ~ /^(nop|cs nop|data16|xchg +%ax,%ax|int3)/) --n; for (i = 1; i <= n; ++i) print name ": " line[i]; n = 0 }
    /^[0-9a-f]+ <.*>:$/ { flush(); name = $0; sub(/^[^<]*</, "", name); sub(/>:$/, "", name); next }
    NF >= 2 && name != "" {
      text = $2
      sub(/ *#.*/, "", text); sub(/[ \t]+$/, "", text)
      if (match(text, /[0-9a-f]+ <[^>]*>$/)) {
        target = substr(text, RSTART); sub(/^[^<]*</, "", target); sub(/>$/, "", target)
        plus = index(target, "+")
        inside = substr(target, 1, plus ? plus - 1 : length(target)) == name && text !~ /^(call|bl)[ q]/
        text = substr(text, 1, RSTART - 1) (inside ? (plus ? substr(target, plus) : "+0x0") : "elsewhere")
      }
      line[++n] = text
    }
    END { flush() }' >"$work/$2.all"
}
only() { { grep "^$1\(\.cold\)\?: " "$2" || true; } | sed 's/^[^:]*\.cold: /cold: /; s/^[a-z_]*: //'; }

object library.cpp library
object by_hand.cpp by_hand
object by_hand.cpp spoilt -DSPOILT
"$compiler" --version | head -n 1

failed=0
functions=$(sed -nE 's/^([a-z]+_[a-z_]+): .*/\1/p' "$work/library.all" | sort -u)
[ "$(wc -w <<<"$functions")" = "$(grep -cE '^(auto|void) [a-z]+_[a-z_]+\(' "$here/library.cpp")" ] || { echo "functions are missing: $functions"; exit 1; }
for f in $functions; do
  only "$f" "$work/library.all" >"$work/a"
  only "$f" "$work/by_hand.all" >"$work/b"
  if diff -q "$work/a" "$work/b" >/dev/null; then
    echo "same: $f, $(wc -l <"$work/a") instructions"
  else
    echo "different: $f (left: the library, right: by hand)"
    diff -y -W 110 "$work/a" "$work/b" || true
    failed=1
  fi
done

for f in $(grep publish$ <<<"$functions"; grep publish_ <<<"$functions"); do
  if diff -q <(only "$f" "$work/library.all") <(only "$f" "$work/spoilt.all") >/dev/null; then
    echo "a stronger order is not noticed in $f"
    failed=1
  fi
done
exit $failed
