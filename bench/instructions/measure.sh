#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# measure.sh [COMPILER] [EVENTS]: how many more instructions an event takes that is measured, with a scheduler that looks on, than one for
# which nothing counts. By callgrind, as the difference between so many events and three times as many: making and ending a runner is left
# out. What is done by the clock is done as often as it would be without callgrind: the program's clock goes as much slower as the program
# does. An event of a pipeline's own source takes a fifth of the time, so there are five times as many. Fails above 1 %.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
compiler=${1:-c++} events=${2:-8000000}
for tool in "$compiler" valgrind; do command -v "$tool" >/dev/null || { echo "skipped: $tool: not found"; exit 77; }; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() { "$compiler" -std=c++20 -O3 -DNDEBUG "-I$here/../../include" "${@:2}" "$here/three_stages.cxx" -o "$work/$1" -pthread -lhwloc; }
build measured -DMEASURED
build bare

# run <program> <shape> <events> <slower>: ns an event, and its instructions
run() { valgrind --tool=callgrind --callgrind-out-file=/dev/null "$work/$1" "$2" "$3" "$4" 2>"$work/said" && sed -n 's/.*Collected : //p' "$work/said"; }

failed=0
for shape in source producer; do
  declare -A each=()
  n=$events
  if [ $shape = source ]; then n=$((5 * events)); fi
  for program in bare measured; do
    fast=$("$work/$program" $shape $((3 * n)) 1)
    slow=$(run $program $shape $((n / 10)) 1 | awk 'NR == 1')
    slower=$(awk -v a="$slow" -v b="$fast" 'BEGIN { printf "%d", a / b + 0.5 }')
    few=$(run $program $shape "$n" "$slower" | tail -n 1)
    many=$(run $program $shape $((3 * n)) "$slower" | tail -n 1)
    each[$program]=$(awk -v a="$few" -v b="$many" -v n="$n" 'BEGIN { printf "%.4f", (b - a) / (2 * n) }')
    echo "$shape, $program: ${each[$program]} instructions an event; $fast ns, $slower times that by callgrind"
  done
  awk -v a="${each[bare]}" -v b="${each[measured]}" -v shape=$shape 'BEGIN { more = (b / a - 1) * 100; printf "%s: %.2f %% more instructions\n", shape, more; exit !(more <= 1) }' || failed=1
done
exit $failed
