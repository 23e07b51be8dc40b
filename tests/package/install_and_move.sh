#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# install_and_move.sh CMAKE BUILD-FOLDER SOURCE-FOLDER TARGET: installs, and moves the tree: no path may be burnt in. All headers
# must be there, and nothing but headers and the package's own files.
set -euo pipefail
rm -rf "$4" "$4.first"
"$1" --install "$2" --prefix "$4.first"
mv "$4.first" "$4"
diff -r --exclude=README.md "$3/include" "$4/include"  # prose is not installed
(cd "$4" && find . -type f -not -path './include/*' | sort) | diff - <(
  printf '%s\n' ./share/cmake/millrace/{FindHwloc,compiled,millraceConfig,millraceConfigVersion,millraceTargets}.cmake ./share/pkgconfig/millrace.pc)
if grep -rnF -e "$3" -e "$2" -e "$4" "$4"; then
  echo "an installed file names a folder of this machine"
  exit 1
fi
