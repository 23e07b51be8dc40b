# SPDX-License-Identifier: MIT
# What the checks share; sourced by them. Goes to the root of the tree that was given.
set -euo pipefail
export LC_ALL=C
cd "$1"

# Headers that a program includes beside the umbrella: what they need is not everywhere, or costs much to compile.
optional="include/millrace/async/asio.hpp include/millrace/async/senders.hpp include/millrace/async/std_future.hpp include/millrace/separate.hpp"
floors="base sync ring place stage plan run async dsl"

# The tree's own files, one a line: what git knows or would, else all but hidden and build folders.
files() {
  if [ -e .git ]; then
    git ls-files --cached --others --exclude-standard | while IFS= read -r f; do if [ -f "$f" ]; then echo "$f"; fi; done
  else
    find . -type f -not -path './build/*' -not -path './.git/*' | sed 's|^\./||'
  fi | sort
}
headers() { files | grep -E '^include/.*\.[hi]pp$' || true; }

# Everything printed by "$@" is a finding.
findings() {
  local found
  found=$("$@")
  if [ -n "$found" ]; then
    printf '%s\n' "$found"
    exit 1
  fi
}
