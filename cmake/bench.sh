#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the benchmarks for this machine and runs them; bench/README.md says how to read the tables.
#   cmake/bench.sh [--quick] [--topology T] [--json FILE] [--svg DIR] [other arguments of millrace_bench]
#   --quick: a quarter of the events, and as many rounds as go into four minutes
set -euo pipefail
here=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cmake/setup.sh --bench
cmake --preset release -D MILLRACE_WARNINGS_AS_ERRORS=OFF -D MILLRACE_EXAMPLES=OFF -D MILLRACE_NATIVE=ON | sed -n 's/^-- benchmarks: /bench: /p'
cmake --build --preset release --target millrace_bench
bench=$PWD/build/release/bench/millrace_bench
cd "$here"  # files are written where the caller is
exec "$bench" "$@"
