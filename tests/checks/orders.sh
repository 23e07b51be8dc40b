#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Memory orders stand in one folder, each with what it pairs with.
source "$(dirname "${BASH_SOURCE[0]}")/tree.sh"

look() {
  headers | xargs -r awk '
    function say(what) { print FILENAME ":" FNR ": " what }
    { code = $0; sub(/\/\/.*/, "", code) }
    code ~ /memory_order(_|::)/ {
      if (FILENAME !~ /^include\/millrace\/sync\//) say("memory order outside sync/; move what needs it there")
      else if ($0 !~ /\/\/ *[^ ]/) say("memory order without its partner; say in a comment on this line what it pairs with, or why with nothing")
    }
    # The default order is one too.
    code ~ /\.load\(\)/ && $0 !~ /\/\/ *[^ ]/ { say("atomic load in the default order, without a comment; name the order") }
    code ~ /atomic_thread_fence/ { say("stand-alone fence; thread sanitizers do not see it") }'
}
findings look
