#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# fetch.sh COMPILER INCLUDE-FOLDER: where no machine is named, who publishes fetches slots ahead for writing, not for reading.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
compiler=$1 include=$2
for tool in "$compiler" objdump; do command -v "$tool" >/dev/null || { echo "skipped: $tool: not found"; exit 77; }; done
[ "$("$compiler" -dumpmachine | cut -d- -f1)" = x86_64 ] || { echo "skipped: the check knows the instructions of x86-64 only"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$compiler" -std=c++20 -O2 -DNDEBUG "-I$include" -c "$here/program.cpp" -o "$work/program.o"
objdump -d --no-show-raw-insn "$work/program.o" >"$work/instructions"
writing=$(grep -c '\sprefetchw\s' "$work/instructions" || true)
reading=$(grep -cE '\sprefetch(t[012]|nta)\s' "$work/instructions" || true)
echo "fetches for writing: $writing, for reading: $reading"
[ "$writing" -gt 0 ] && [ "$reading" = 0 ] || { echo "a line that is fetched for reading goes to the other core a second time when it is written"; exit 1; }
