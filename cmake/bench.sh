#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the benchmarks for this machine and runs them; bench/README.md says how to read the tables.
#   cmake/bench.sh [--quick] [arguments of millrace_bench]     --quick: two rounds
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ "${1-}" = --quick ]; then
  shift
  set -- --rounds 2 "$@"
fi
cmake/setup.sh --user
cmake --preset release -D MILLRACE_WARNINGS_AS_ERRORS=OFF -D MILLRACE_EXAMPLES=OFF -D MILLRACE_NATIVE=ON >/dev/null
cmake --build --preset release --target millrace_bench
exec build/release/bench/millrace_bench "$@"
