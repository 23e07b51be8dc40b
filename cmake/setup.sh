#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs what is missing to build Millrace. On Debian and Ubuntu with apt-get, as root or with sudo, asking nothing;
# elsewhere it says what to install. Does nothing, quickly, where nothing is missing.
#   cmake/setup.sh          for the tests: all compilers and tools
#   cmake/setup.sh --user   for the library and its examples
#   cmake/setup.sh --bench  for the benchmarks: also those that they compare with
set -euo pipefail

# what it is | how to see it (a command, or <header>) | Debian's package
needed='a C++20 compiler|c++|g++
CMake|cmake|cmake
Ninja|ninja|ninja-build
hwloc|<hwloc.h>|libhwloc-dev
Boost.Lockfree|<boost/lockfree/spsc_queue.hpp>|libboost-dev'
needed_for_tests='Catch2|<catch2/catch.hpp>|catch2
objdump|objdump|binutils
pkg-config|pkg-config|pkg-config'
wanted='libbz2|<bzlib.h>|libbz2-dev
Asio|<asio.hpp>|libasio-dev'  # of examples
wanted_for_bench='oneTBB|<oneapi/tbb/version.h>|libtbb-dev
moodycamel’s ConcurrentQueue|<concurrentqueue/concurrentqueue.h>|libconcurrentqueue-dev
moodycamel’s ReaderWriterQueue|<readerwriterqueue/readerwriterqueue.h>|libreaderwriterqueue-dev
atomic_queue|<atomic_queue/atomic_queue.h>|libatomic-queue-dev
a JDK|javac|openjdk-17-jdk-headless
the LMAX Disruptor|/usr/share/java/disruptor.jar|libdisruptor-java
valgrind, to count instructions|valgrind|valgrind'
wanted_for_tests='clang 19|clang++-19|clang-19
clang 19’s sanitizers|/usr/lib/llvm-19/lib/clang/19/lib/linux|libclang-rt-19-dev
libc++ 19|/usr/lib/llvm-19/include/c++/v1/vector|libc++-19-dev
libc++abi 19|/usr/lib/llvm-19/lib/libc++abi.so|libc++abi-19-dev
clang-tidy 19|clang-tidy-19|clang-tidy-19
ccache|ccache|ccache
Spin|spin|spin'

case ${1-} in
  '') needed+=$'\n'$needed_for_tests wanted+=$'\n'$wanted_for_tests ;;
  --user) ;;
  --bench) wanted=$wanted_for_bench ;;
  *) sed -n '3,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac

there() {
  case $1 in
    '<catch2/catch.hpp>') echo '#if !__has_include(<catch2/catch.hpp>) && !__has_include(<catch2/catch_test_macros.hpp>)
#error
#endif' | c++ -E -x c++ - >/dev/null 2>&1 ;;
    '<'*) echo "#include $1" | c++ -E -x c++ - >/dev/null 2>&1 ;;
    /*) [ -e "$1" ] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}
# missing <list>: its lines that are not there
missing() {
  local line probe
  while IFS= read -r line; do
    probe=${line#*|} probe=${probe%|*}
    if [ -n "$line" ] && ! there "$probe"; then echo "$line"; fi
  done <<<"$1"
}
packages() { sed '/^$/d; s/.*|//' <<<"$1" | xargs; }
names() { sed '/^$/d; s/|.*//' <<<"$1" | paste -sd, | sed 's/,/, /g'; }

lacking=$(missing "$needed")
optional=$(missing "$wanted")
[ -n "$lacking$optional" ] || exit 0

if command -v apt-get >/dev/null; then
  as_root=()
  if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
  if "${as_root[@]}" true 2>/dev/null; then
    install() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
    echo "setup: installing $(packages "$lacking"$'\n'"$optional")"
    "${as_root[@]}" apt-get update -qq || echo "setup: apt-get update failed; going on with the lists that are there"
    if [ -n "$lacking" ]; then
      # shellcheck disable=SC2046  # packages are words
      install $(packages "$lacking") || true
    fi
    while IFS='|' read -r what _ package; do
      [ -n "$package" ] || continue
      install "$package" || echo "setup: no package $package here; what needs $what is skipped"
    done <<<"$optional"
  else
    echo "setup: not root, and sudo asks; as root, run: apt-get install $(packages "$lacking"$'\n'"$optional")"
  fi
else
  echo "setup: this system has no apt-get; please install: $(names "$lacking"$'\n'"$optional")"
fi

lacking=$(missing "$needed")
optional=$(missing "$wanted")
if [ -n "$optional" ]; then echo "setup: not found: $(names "$optional"); what needs that is skipped"; fi
if [ -n "$lacking" ]; then
  echo "setup: cannot go on without: $(names "$lacking")" >&2
  exit 1
fi
