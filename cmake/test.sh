#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds and tests everything, and ends with one line of counts.
#   cmake/test.sh           gcc; clang with address and thread sanitizers; the storm six times; examples and benchmarks optimised
#   cmake/test.sh --quick   gcc only
#   cmake/test.sh --all     also all tests optimised by clang, with libc++, and clang-tidy
#   ... --within MINUTES    begins no configuration later than that; those are counted as skipped
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

presets="dev release tsan asan clang-storm gcc-tsan gcc-asan" within=""
while (($#)); do
  case $1 in
    --quick) presets="dev" ;;
    --all) presets+=" clang libcxx tidy" ;;
    --within) within=${2:?minutes}; shift ;;
    *) sed -n '4,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
  shift
done
jobs=$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1  # so that another clone's results serve too

cmake/setup.sh || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

passed=0 failed=0 skipped=0 summary="" details=""
note() {  # <preset> <seconds> <what happened>
  summary+=$(printf '  %-10s %5d s  %s' "$1" "$2" "$3")$'\n'
}
# failures <junit file>: each failed test's name and the end of what it printed
failures() {
  awk '
    /<testcase / { name = $0; sub(/.*<testcase name="/, "", name); sub(/".*/, "", name); bad = /status="fail"/; kept = 0 }
    /<system-out>/ { inside = bad }
    inside { line[kept++ % 40] = $0 }
    /<\/system-out>/ {
      if (inside) {
        print "--- failed: " name
        for (i = kept > 40 ? kept - 40 : 0; i < kept; i++) print "    " line[i % 40]
      }
      inside = 0
    }' "$1" | sed 's/<[/]*system-out>//g; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&apos;/\x27/g; s/&amp;/\&/g'
}
attribute() { sed -nE "s/.*[[:space:]]$1=\"([0-9]+)\".*/\1/p;" <<<"$2" | head -n 1; }

for preset in $presets; do
  echo "=== $preset"
  begin=$SECONDS
  case $preset in
    clang | clang-storm) tool=$(command -v clang++-19) ;;
    asan | tsan) tool=$(echo 'int main() {}' | clang++-19 -fsanitize=thread -x c++ - -o /dev/null 2>/dev/null && echo there) ;;
    libcxx) tool=$(echo '#include <vector>' | clang++-19 -stdlib=libc++ -E -x c++ - 2>/dev/null) ;;
    tidy) tool=$(command -v clang++-19 && command -v clang-tidy-19) ;;
    *) tool=c++ ;;
  esac
  if [ -z "$tool" ]; then
    skipped=$((skipped + 1))
    note "$preset" 0 "skipped: its compiler or library is not installed"
    continue
  fi
  if [ -n "$within" ] && ((SECONDS >= within * 60)); then
    skipped=$((skipped + 1))
    note "$preset" 0 "skipped: more than $within minutes are over"
    continue
  fi
  if ! { configured=$(cmake --preset "$preset" 2>&1) || { echo "$configured"; false; }; } || ! cmake --build --preset "$preset" -j "$jobs"; then
    failed=$((failed + 1))
    note "$preset" $((SECONDS - begin)) "failed to build"
    continue
  fi
  built=$((SECONDS - begin))
  if [ "$preset" = tidy ]; then
    passed=$((passed + 1))
    note "$preset" $((SECONDS - begin)) "no findings"
    continue
  fi
  results=$PWD/build/$preset/tests.xml
  rm -f "$results"
  ctest --preset "$preset" -j "$jobs" --output-junit "$results"
  suite=$(sed -n '/<testsuite/,/>/p' "$results" 2>/dev/null | tr '\n' ' ')
  total=$(attribute tests "$suite") bad=$(attribute failures "$suite")
  out=$(($(attribute skipped "$suite") + $(attribute disabled "$suite")))
  if [ -z "$total" ] || [ "$total" = 0 ]; then
    failed=$((failed + 1))
    note "$preset" $((SECONDS - begin)) "no test was run"
    continue
  fi
  passed=$((passed + total - bad - out)) failed=$((failed + bad)) skipped=$((skipped + out))
  if [ "$bad" != 0 ]; then details+="=== failed in $preset"$'\n'"$(failures "$results")"$'\n'; fi
  note "$preset" $((SECONDS - begin)) "$((total - bad - out)) passed, $bad failed, $out skipped (built in $built s)"
done

printf '\n%s=== summary\n%s' "$details" "$summary"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
