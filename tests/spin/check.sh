#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Searches all states of a model, and wants one outcome.
#   check.sh [option...] MODEL.pml [-DNAME[=VALUE]...]
#     --expect clean       nothing is wrong, the search was complete, and every statement was reached (this is the default)
#     --expect assertion   an assertion fails
#     --expect deadlock    somebody waits for ever: an invalid end state
#     --expect cycle       something never happens: an acceptance cycle, with --ltl
#     --ltl NAME           the formula of that name, under weak fairness
#     --partly             statements that are not reached are only told
#     --memory MB          at most so much; 1900
# Ends with 77 if spin or a C compiler is missing.
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

expect=clean ltl='' partly=no memory=1900 model='' defines=()
while [ $# != 0 ]; do
  case $1 in
    --expect) expect=$2; shift ;;
    --ltl) ltl=$2; shift ;;
    --partly) partly=yes ;;
    --memory) memory=$2; shift ;;
    -D*) defines+=("$1") ;;
    *.pml) model=$1 ;;
    *) model=''; break ;;
  esac
  shift
done
case $expect in
  clean) wanted='' ;;
  assertion) wanted='assertion violated' ;;
  deadlock) wanted='invalid end state' ;;
  cycle) wanted='acceptance cycle' ;;
  *) model='' ;;
esac
if [ -z "$model" ]; then
  sed -n '4,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
for tool in spin "${CC:-cc}"; do
  command -v "$tool" >/dev/null || { echo "skipped: no $tool here (Debian and Ubuntu: apt install spin gcc)"; exit 77; }
done
case $model in
  /*) ;;
  */*) model=$PWD/$model ;;
  *) model=$here/$model ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Weak fairness keeps a bit for each process in NFAIR words. An invalid end state is looked for without a formula only.
compile=(-O1 -w -DCOLLAPSE "-DMEMLIM=$memory") run=(-m200000)
if [ -n "$ltl" ]; then
  defines+=(-DLIVENESS) compile+=(-DNFAIR=3) run+=(-a -f -E -N "$ltl")
else
  compile+=(-DSAFETY -DNOCLAIM)
fi
spin -a "${defines[@]}" "$model" >generated 2>&1 || { cat generated; echo "spin cannot read it"; exit 1; }
"${CC:-cc}" "${compile[@]}" -o pan pan.c
TIMEFORMAT=%U
{ time ./pan "${run[@]}" >result 2>&1; } 2>seconds || true

# What was found, and whether all was looked at. Nothing of a truncated search counts as clean.
found=$(grep -E '^pan:1: ' result | grep -v 'ltl formula' || true)
cut_short=$(grep -E 'max search depth too small|out of memory|reached -DMEMLIM|Search not completed|^error' result || true)
states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' result)
used=$(sed -n 's/^ *\([0-9.]*\)[[:space:]]*total actual memory usage.*/\1/p' result)
echo "$(basename "$model") ${defines[*]}${ltl:+ ltl $ltl}: ${states:-no} states, $(cat seconds) s, ${used:-?} MB: ${found:-no error}"

fail() {
  echo "wanted: $expect. $1"
  if ls ./*.trail >/dev/null 2>&1; then
    echo "the end of the way there (all of it: spin -t -p -g, in a folder where the same was run):"
    spin -t -p -g "${defines[@]}" "$model" 2>/dev/null | grep -v '^ltl\|^Never\|<valid end state>' | tail -n 60 || true
  else
    tail -n 30 result
  fi
  exit 1
}
if [ -n "$wanted" ]; then
  [[ $found == *"$wanted"* ]] || fail "It was not found."
  exit 0
fi
[ -z "$found" ] || fail "This was found."
grep -q 'errors: 0' result || fail "The search did not end."
[ -z "$cut_short" ] || fail "The search was cut short: $cut_short"

# Statements that no state reaches. The ends of what never ends do not count, nor copies of an inlined line that says so.
dead=$(grep -E '^[[:space:]]+[^[:space:]]+\.pml:[0-9]+, state' result | grep -v '"-end-"' | while IFS= read -r entry; do
  line=${entry#*.pml:} line=${line%%,*}
  if ! sed -n "${line}p" "$model" | grep -q 'not in every copy'; then echo "$entry"; fi
done || true)
if [ -n "$dead" ] && [ -z "$ltl" ]; then
  printf 'not reached:\n%s\n' "$dead"
  [ "$partly" = yes ] || fail "Part of the model is dead."
fi
