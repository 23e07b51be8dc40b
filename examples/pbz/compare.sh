#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# pbz beside bzip2, pbzip2 and lbzip2 on text of this machine: time on the clock, processor time and memory of each, blocks of 900 kB.
#   compare.sh PBZ [WORKERS] [MEGABYTES]     UNDER=command: each of them is run under it
set -euo pipefail
pbz=$(realpath "$1")
workers=${2:-$(nproc)} megabytes=${3:-100}
[ -x /usr/bin/time ] || { echo "skipped: no /usr/bin/time (Debian: time)"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Headers and documents, each file once, in a fixed order that puts unlike ones side by side.
find /usr/include /usr/share /usr/lib -type f \( -name '*.h' -o -name '*.hpp' -o -name '*.txt' -o -name '*.py' -o -name '*.pm' -o -name '*.html' -o -name copyright \) 2>/dev/null |
  LC_ALL=C sort -t/ -k5 | { xargs -d '\n' cat 2>/dev/null || true; } | head -c "${megabytes}000000" >text || true
echo "$(stat -c %s text) bytes of text, $workers workers"
echo "| program | seconds | CPU seconds | memory, MB | bytes |"
echo "|---|---|---|---|---|"

# row <name> <input> <output> <command...>: the best of three
row() {
  local best=''
  if ! command -v "$4" >/dev/null; then echo "| $1 | skipped: not installed | | | |"; return; fi
  for _ in 1 2 3; do
    ${UNDER-} /usr/bin/time -o figures -f '%e %U %S %M' "${@:4}" -c "$2" >"$3"
    if [ -z "$best" ] || awk -v a="$(cut -d' ' -f1 figures)" -v b="${best%% *}" 'BEGIN { exit !(a < b) }'; then best=$(cat figures); fi
  done
  awk -v name="$1" -v bytes="$(stat -c %s "$3")" '{ printf "| %s | %.2f | %.2f | %.1f | %d |\n", name, $1, $2 + $3, $4 / 1024, bytes }' <<<"$best"
}
row 'pbz' text pbz.bz2 "$pbz" -9 -p "$workers"
row 'pbzip2' text pbzip2.bz2 pbzip2 -9 -p"$workers"
row 'lbzip2 (a coder of its own)' text lbzip2.bz2 lbzip2 -9 -n "$workers"
row 'bzip2' text bzip2.bz2 bzip2 -9
cmp text <(bzip2 -dc pbz.bz2)
for from in pbz pbzip2 lbzip2 bzip2; do
  [ -s $from.bz2 ] || continue
  row "pbz -d, made by $from" $from.bz2 out "$pbz" -d -p "$workers"
  cmp text out
  row "pbzip2 -d, made by $from" $from.bz2 out pbzip2 -d -p"$workers"
  row "lbzip2 -d, made by $from" $from.bz2 out lbzip2 -d -n "$workers"
done
