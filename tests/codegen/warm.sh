#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# warm.sh COMPILER INCLUDE-FOLDER: program.cpp lies where the compiler puts what it takes for often used.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
compiler=$1 include=$2
for tool in "$compiler" objdump; do command -v "$tool" >/dev/null || { echo "skipped: $tool: not found"; exit 77; }; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# section: of the function
section() {
  "$compiler" -std=c++20 -O2 -DNDEBUG "-I$include" -c "$here/program.cpp" -o "$work/program.o"
  objdump -t "$work/program.o" | awk '$NF == "user_program" { print $(NF - 2) }'
}
found=$(section)
echo "user_program is in $found"
[ "$found" = .text ] || { echo "a program that makes a runner is taken for cold: which function that it calls is?"; exit 1; }
