#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# One command from a clean clone to a pipeline at work: builds the examples, and counts the words of a large text.
#   cmake/demo.sh [arguments of wordcount, instead of --demo]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cmake/setup.sh --user
cmake --preset release -D MILLRACE_WARNINGS_AS_ERRORS=OFF -D MILLRACE_BENCH=OFF >/dev/null
cmake --build --preset release
[ $# -gt 0 ] || set -- --demo
exec build/release/examples/wordcount/wordcount "$@"
