#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The service beside redis-server, under the same load of redis-benchmark: 50 connections, 16 requests in flight on each. What counts is
# requests per second of processor time of the server, all of its threads, system calls included.
#   compare.sh SERVICE [ROUNDS [REQUESTS [WORKERS]]]
# The servers take turns. The one under test has the first processor that is allowed, the load the last one. Needs Debian's redis-tools,
# which it installs as root if it is missing; that starts nothing.
set -euo pipefail
service=$(realpath "$1")
rounds=${2:-5} requests=${3:-1000000} workers=${4:-0}
connections=50 pipeline=16 keys=100000
tests='PING SET GET INCR'

if ! command -v redis-benchmark >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-tools; } >/dev/null 2>&1 || true
fi
command -v redis-benchmark >/dev/null || { echo "skipped: no redis-benchmark (Debian: redis-tools)"; exit 0; }
cpus=$(taskset -cp $$ | sed 's/.*: //; s/[,-]/ /g')
first=${cpus%% *} last=${cpus##* }
[ "$first" != "$last" ] || echo "one processor: the load takes turns with the server, and the figures say little"

work=$(mktemp -d)
redis='' mine=''
trap 'for p in $redis $mine; do kill "$p" 2>/dev/null || true; done; wait; rm -rf "$work"' EXIT

# Both on ports that are free, without files.
free_port() { for ((p = 20000 + RANDOM % 20000;; ++p)); do (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || { echo "$p"; return; }; done; }
redis_port=$(free_port)
program=$(command -v redis-server || command -v redis-check-rdb)  # in Debian's packages the same under another name
taskset -c "$first" bash -c 'exec -a redis-server "$@"' - "$program" --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work" >"$work/redis" 2>&1 &
redis=$!
taskset -c "$first" "$service" 0 10000 "$workers" >"$work/service" &
mine=$!
for _ in {1..100}; do
  { redis-cli -p "$redis_port" ping >/dev/null 2>&1 && grep -q port "$work/service"; } && break
  sleep 0.1
done
my_port=$(sed -n 's/^port //p' "$work/service")
[ "$(redis-cli -p "$redis_port" ping)$(redis-cli -p "$my_port" ping)" = PONGPONG ] || { echo "a server does not start"; exit 1; }

ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }
# load <test> <port> <requests>: redis-benchmark ends at the first error of a server, and then says no figure
load() {
  local name=${1/PING/PING_MBULK}
  taskset -c "$last" redis-benchmark -p "$2" -c "$connections" -P "$pipeline" -n "$3" -r "$keys" -t "$name" -q >"$work/load" 2>&1 || true
  tr '\r' '\n' <"$work/load" >"$work/lines"
  if grep -q Error "$work/lines" || ! grep -q 'requests per second' "$work/lines"; then
    cat "$work/lines" >&2
    exit 1
  fi
}
# one <who> <process> <port> <test>
one() {
  local before
  before=$(ticks "$2")
  load "$4" "$3" "$requests"
  awk -v n="$requests" -v t=$(($(ticks "$2") - before)) -v hz="$(getconf CLK_TCK)" -v what="$4 $1" 'BEGIN { print what, n * hz / t }' >>"$work/figures"
}
for t in $tests; do load "$t" "$redis_port" 200000; load "$t" "$my_port" 200000; done  # the tables have all keys
for ((round = 0; round < rounds; ++round)); do
  for t in $tests; do
    one redis "$redis" "$redis_port" "$t"
    one service "$mine" "$my_port" "$t"
  done
done

echo "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) processors; $(redis-benchmark --version), $connections connections, pipelining $pipeline, $keys keys, $rounds rounds of $requests requests, $workers workers"
echo "thousands of requests per second of the server's processor time: median (least to most)"
echo "| | service / redis-server | service | redis-server |"
echo "|---|---|---|---|"
# summary <test> <who>: the median, and how it is written
summary() {
  grep "^$1 $2 " "$work/figures" | sort -g -k3 | awk '{ v[NR] = $3 / 1000 } END { m = (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2; printf "%f %.0f (%.0f to %.0f)", m, m, v[1], v[NR] }'
}
for t in $tests; do
  read -r mine_median mine_text < <(summary "$t" service) || true
  read -r redis_median redis_text < <(summary "$t" redis) || true
  echo "| $t | $(awk -v a="$mine_median" -v b="$redis_median" 'BEGIN { printf "%.2f", a / b }') | $mine_text | $redis_text |"
done
