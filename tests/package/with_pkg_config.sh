#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# with_pkg_config.sh COMPILER PREFIX: builds and runs the program with the flags that pkg-config tells.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
command -v pkg-config >/dev/null || { echo "skipped: pkg-config: not found"; exit 77; }
program=$(mktemp)
trap 'rm -f "$program"' EXIT
flags=$(PKG_CONFIG_PATH=$2/share/pkgconfig pkg-config --cflags --libs millrace)
echo "$flags"
# shellcheck disable=SC2086  # flags are words
"$1" -std=c++20 "$here/program.cpp" "$here/other_file.cpp" $flags -o "$program"
"$program"
