#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Compile time and size of the programs beside this file, in turns: every program once per round and compiler. Prints
# median [least .. most] seconds, the median ratio to the base program of the same round, the code in the object file, the
# size of the stripped executable, and the lines after the preprocessor. Every program is run, and must succeed.
#   bench/compile_time/measure.sh [--rounds N] [--compilers "g++ clang++-19"] [--flags "-O2 -std=c++20"] [--include DIR]
#                                 [--separate] [PROGRAM...]        (without .cxx; all if left out)
# With --separate what depends on no program's types is compiled once, and the programs without it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rounds=5
compilers="g++ clang++-19"
flags="-O2 -std=c++20"
include="$here/../../include"
programs=()
separate=""
while (($#)); do
  case $1 in
    --rounds) rounds=$2; shift 2 ;;
    --compilers) compilers=$2; shift 2 ;;
    --flags) flags=$2; shift 2 ;;
    --include) include=$2; shift 2 ;;
    --separate) separate="-DMILLRACE_SEPARATE_COMPILATION"; shift ;;
    -*) sed -n '3,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
    *) programs+=("$1"); shift ;;
  esac
done
((${#programs[@]})) || programs=(base umbrella one_stage stages_3 stages_4 stages_8 stages_16)
[[ " ${programs[*]} " == *" base "* ]] || programs=(base "${programs[@]}")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
read -ra options <<<"$flags $separate -I$include $(pkg-config --cflags hwloc 2>/dev/null || true)"
read -ra libraries <<<"-pthread $(pkg-config --libs hwloc 2>/dev/null || echo -lhwloc)"

for compiler in $compilers; do
  if ! command -v "$compiler" >/dev/null; then
    echo "skipped: $compiler: not found"
    continue
  fi
  : >"$work/times"
  common=()
  if [[ -n $separate ]]; then
    begin=$(date +%s%N)
    echo '#include <millrace/separate.hpp>' | "$compiler" "${options[@]}" -x c++ -c - -o "$work/separate.o"
    printf 'compiled once: %d ms\n' $((($(date +%s%N) - begin) / 1000000))
    common=("$work/separate.o")
  fi
  for ((round = 1; round <= rounds; ++round)); do
    for program in "${programs[@]}"; do
      begin=$(date +%s%N)
      "$compiler" "${options[@]}" -c "$here/$program.cxx" -o "$work/$program.o"
      echo "$program $round $(($(date +%s%N) - begin))" >>"$work/times"
    done
  done
  echo
  echo "$("$compiler" --version | head -n 1), $flags, $rounds rounds"
  echo
  echo "| program | seconds: median [least .. most] | to base | object code, bytes | stripped, bytes | lines |"
  echo "|---|---|---|---|---|---|"
  for program in "${programs[@]}"; do
    "$compiler" "$work/$program.o" "${common[@]}" -o "$work/$program" "${libraries[@]}"
    "$work/$program" || { echo "bench: $program failed" >&2; exit 1; }
    strip "$work/$program"
    code=$(size "$work/$program.o" | awk 'NR == 2 { print $1 }')
    lines=$("$compiler" "${options[@]}" -E "$here/$program.cxx" | wc -l)
    awk -v program="$program" -v code="$code" -v stripped="$(stat -c %s "$work/$program")" -v lines="$lines" '
      function sorted(v, n,   i, j, t) {
        for (i = 2; i <= n; ++i) for (j = i; j > 1 && v[j] < v[j - 1]; --j) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
      }
      function middle(v, n) { return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2 }
      $1 == "base" { base[$2] = $3 }
      $1 == program { own[$2] = $3 }
      END {
        for (round in own) { ++n; seconds[n] = own[round] / 1e9; ratio[n] = own[round] / base[round] }
        sorted(seconds, n); sorted(ratio, n)
        printf "| %s | %.2f [%.2f .. %.2f] | %.2f | %d | %d | %d |\n", program, middle(seconds, n), seconds[1],
               seconds[n], middle(ratio, n), code, stripped, lines
      }' "$work/times"
  done
done
