#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# unmarked.sh COMPILER INCLUDE-FOLDER: a pipeline that is not marked mr::replies has nothing of them in its code; the same one marked has.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
compiler=$1 include=$2
for tool in "$compiler" nm; do command -v "$tool" >/dev/null || { echo "skipped: $tool: not found"; exit 77; }; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# symbols <source>: how many of its symbols have to do with replies
symbols() {
  "$compiler" -std=c++20 -O2 -DNDEBUG "-I$include" -c "$1" -o "$work/program.o"
  nm -C "$work/program.o" | grep -cE 'reply_|replier|replying_|millrace::(door|waiter|pooled|settlement)<' || true
}
unmarked=$(symbols "$here/program.cpp")
sed 's/mr::from<long>()/mr::from<long>(mr::replies)/' "$here/program.cpp" >"$work/marked.cpp"
marked=$(symbols "$work/marked.cpp")
echo "symbols of replies: $unmarked unmarked, $marked marked"
[ "$marked" != 0 ] || { echo "this test cannot see them"; exit 1; }
[ "$unmarked" = 0 ] || { echo "a pipeline pays for replies that nobody waits for"; exit 1; }
