#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# with_libcxx.sh INCLUDE: builds and runs the program with libc++ as it comes, without what it calls experimental.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
compiler=(clang++-19 -std=c++20 -stdlib=libc++)
echo 'int main() {}' | "${compiler[@]}" -x c++ - -o /dev/null 2>/dev/null || { echo "skipped: clang 19 with libc++: not found"; exit 77; }
program=$(mktemp)
trap 'rm -f "$program"' EXIT
"${compiler[@]}" -I "$1" "$here/program.cpp" "$here/other_file.cpp" -pthread -lhwloc -o "$program"
"$program"
