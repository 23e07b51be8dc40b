#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A check that cannot fail is worthless: each is given a tree that it must pass, and trees with one fault each.
set -euo pipefail
checks=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0 cases=0

# put <file>: writes the standard input there, below the licence line.
put() {
  mkdir -p "tree/$(dirname "$1")"
  { case $1 in *.md) echo '<!-- SPDX-License-Identifier: MIT -->' ;; *) echo '// SPDX-License-Identifier: MIT' ;; esac; cat; } >"tree/$1"
}
good_tree() {
  rm -rf tree
  put include/millrace.hpp <<<$'#include <millrace/base/word.hpp>\n#include <millrace/sync/cursor.hpp>\n#include <millrace/place/pin.hpp>'
  put include/millrace/base/word.hpp <<<'#include <cstdint>'
  put include/millrace/base/deep.hpp <<<''
  put include/millrace/sync/cursor.hpp <<'TEXT'
#include <atomic>
#include <millrace/base/deep.hpp>
at.store(1, std::memory_order::release);  // pairs with the acquire in read()
TEXT
  put include/millrace/sync/mailbox.hpp <<<'#include <boost/lockfree/spsc_queue.hpp>'
  put include/millrace/place/pin.hpp <<<$'#include <hwloc.h>\n#include <millrace/sync/mailbox.hpp>'
  put examples/x.cpp <<<$'int main() {\n  // [one]\n  int a = 1;\n    a += 1;\n  // [/one]\n}'
  put README.md <<<$'<!-- region: examples/x.cpp one -->\n```cpp\nint a = 1;\n  a += 1;\n```\n```sh\nls\n```'
  put bench/README.md <<<$'```cpp\nint unmarked;\n```'
}
verdict() {  # ok or what was printed
  if printed=$(bash "$checks/$1.sh" tree 2>&1); then echo "passes"; else echo "$printed"; fi
}
passes() {
  cases=$((cases + 1))
  local got; got=$(verdict "$1")
  [ "$got" = passes ] || { echo "$1 finds fault with a good tree: $got"; failed=1; }
}
# finds <check> <part of what it must say>, after the tree was spoilt.
finds() {
  cases=$((cases + 1))
  local got; got=$(verdict "$1")
  case $got in *"$2"*) ;; *) echo "$1 does not say '$2': $got"; failed=1 ;; esac
  good_tree
}

good_tree
for check in floors orders umbrella readme files; do passes "$check"; done

put include/millrace/base/word.hpp <<<'#include <millrace/sync/cursor.hpp>'
finds floors 'include/millrace/base/word.hpp:2: base includes sync, which is above it'
put include/millrace/base/word.hpp <<<'#include "deep.hpp"'
finds floors 'write <millrace/...>'
put include/millrace/sync/cursor.hpp <<<'# include <millrace.hpp>'
finds floors 'includes the umbrella'
put include/millrace/util/word.hpp <<<'#include <cstdint>'
finds floors 'unknown floor util'
put include/millrace/word.hpp <<<'#include <cstdint>'
finds floors 'not in a floor'
put include/millrace/base/word.hpp <<<'#include <millrace/util/deep.hpp>'
finds floors 'includes unknown floor util'
put include/millrace/base/word.hpp <<<'#include <functional>'
finds floors '<functional> costs too much'
put include/millrace/sync/cursor.hpp <<<'#include <hwloc/linux.h>'
finds floors 'hwloc outside place/'
put include/millrace/sync/cursor.hpp <<<'#include <boost/config.hpp>'
finds floors 'Boost outside'
put include/millrace/base/word.hpp <<<'#include <atomic>'
finds floors '<atomic> outside'
put include/millrace/base/word.hpp <<<'#include <millrace/base/deep.hpp>'
put include/millrace/base/deep.hpp <<<'#include <millrace/base/word.hpp>'
finds floors 'in a circle'

put include/millrace/place/pin.hpp <<<'at.load(std::memory_order_acquire);  // pairs with something'
finds orders 'include/millrace/place/pin.hpp:2: memory order outside sync/'
put include/millrace/sync/cursor.hpp <<<'at.load(std::memory_order::acquire);'
finds orders 'without its partner'
put include/millrace/sync/cursor.hpp <<<$'at.load(\n    std::memory_order::acquire);  //'
finds orders 'cursor.hpp:3: memory order without its partner'
put include/millrace/sync/cursor.hpp <<<'return at.load();'
finds orders 'default order'
put include/millrace/sync/cursor.hpp <<<'std::atomic_thread_fence(std::memory_order::seq_cst);  // why'
finds orders 'stand-alone fence'

put include/millrace/base/lost.hpp <<<''
finds umbrella 'include/millrace/base/lost.hpp: not reached'
put include/millrace/place/rare.hpp <<<''
put include/millrace.hpp <<<$'#include <millrace/base/word.hpp>\n#include <millrace/sync/cursor.hpp>\n#include <millrace/place/pin.hpp>\n// #include <millrace/place/rare.hpp>'
passes umbrella
good_tree
put include/millrace.hpp <<<$'#include <millrace/base/word.hpp>\n#include <millrace/place/pin.hpp>\n#include <millrace/sync/cursor.hpp>'
finds umbrella 'millrace.hpp:4: sync after a higher floor'
rm tree/include/millrace.hpp
finds umbrella 'missing'

sed -i 's/a += 1/a += 2/' tree/examples/x.cpp
finds readme 'README.md:3: differs from the region one of examples/x.cpp'
sed -i '/a += 1/s/^/  /' tree/examples/x.cpp
finds readme 'differs'
sed -i '/region/d' tree/README.md
finds readme 'README.md:2: C++ without a mark'
sed -i 's/x.cpp one/y.cpp one/' tree/README.md
finds readme 'no file examples/y.cpp'
sed -i 's/x.cpp one/x.cpp two/' tree/README.md
finds readme 'has no line // [two]'
sed -i '/\[\/one\]/d' tree/examples/x.cpp
finds readme 'has no line // [/one]'
sed -i 's/^<!-- region.*/&\n/' tree/README.md
finds readme 'on the line before its fence'
sed -i 's/```cpp/```/' tree/README.md
finds readme 'not cpp'
cp tree/examples/x.cpp tree/notes.cpp && sed -i 's|examples/x.cpp|notes.cpp|' tree/README.md
finds readme 'is not compiled'
sed -i '1a <!-- region: examples/x.cpp one -->\n```cpp\nwrong\n```' tree/bench/README.md
finds readme 'bench/README.md:3: differs'

echo 'int main() {}' >tree/examples/bare.cpp
finds files 'examples/bare.cpp:1: no line SPDX'
for word in 'TO''DO' 'FIX''ME' 'XX''X'; do
  echo "// $word: more" >>tree/examples/x.cpp
  finds files 'unfinished'
done
for path in "$work/tree/examples" '/ho''me/someone' '/wo''rk/here'; do
  echo "see $path" >>tree/README.md
  finds files 'README.md:10: a path of one machine'
done
seq -f '// %g' 401 | put include/millrace/base/word.hpp
finds files '402 lines'

echo "$cases cases"
exit $failed
