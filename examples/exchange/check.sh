#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The exchange in every way it can be run comes to the state of a simple loop, also after it was killed. check.sh PROGRAM
set -euo pipefail
exchange=$(realpath "$1")
work=$(mktemp -d)
started=()
trap 'kill -9 "${started[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
failed=0 checks=0
says() {  # <what> <command...>: it must succeed
  checks=$((checks + 1))
  "${@:2}" || { echo "not so: $1"; failed=1; }
}
state() { sed -n 's/.*state \([0-9a-f]*\)$/\1/p' "$1"; }
count() { sed -n 's/^\([0-9]*\) orders,.*/\1/p' "$1"; }
# The replica's process, its port once it can be reached.
start_replica() {  # <output>
  rm -f "$1"
  "$exchange" --replica 0 >"$1" &
  started+=($!) replica=$!
  until [ -s "$1" ]; do kill -0 $replica || exit 1; sleep 0.01; done
  port=$(head -n 1 "$1")
}

"$exchange" --write orders.csv --orders 60000 --seed 7
{ echo 'new,what,is,this'; echo; head -n 30000 orders.csv; echo 'cancel,1'; tail -n +30001 orders.csv; } >some-bad.csv
for file in orders.csv some-bad.csv; do
  "$exchange" --by-hand $file --trades trades-by-hand >by-hand
  for plan in fused two shared spread; do
    "$exchange" $file --plan $plan --trades trades >out
    says "the state of $file is that of a loop, $plan" [ "$(state out)" = "$(state by-hand)" ]
    says "and so are the trades" cmp -s trades trades-by-hand
  done
done
says "orders that cannot be read are counted, and change nothing" [ "$(count by-hand)" = 60002 ]
"$exchange" --by-hand orders.csv >by-hand
says "so their state is that without them" [ "$(state out)" = "$(state by-hand)" ]

start_replica replica
says "the primary finds the replica's state to be its own" "$exchange" orders.csv --journal journal --replicate 127.0.0.1:$port >out
wait $replica
says "the replica has the state" [ "$(state replica)" = "$(state by-hand)" ]
"$exchange" --replay journal --trades trades >replayed
says "the journal has the state" [ "$(state replayed)" = "$(state by-hand)" ]

start_replica replica
"$exchange" --orders 60000 --producers 4 --journal journal --replicate 127.0.0.1:$port --plan shared >out
wait $replica
says "of several producers the replica has the state" [ "$(state replica)" = "$(state out)" ]
"$exchange" --replay journal >replayed
says "and the journal too" [ "$(state replayed)" = "$(state out)" ]

# Killed in the middle: it would go on for twenty seconds.
start_replica replica
rm -f journal trades
"$exchange" orders.csv --rate 3000 --journal journal --replicate 127.0.0.1:$port --trades trades >out &
primary=$!
started+=($primary)
until [ -s trades ] && [ "$(stat -c %s journal)" -gt 100000 ]; do kill -0 $primary || exit 1; sleep 0.01; done
kill -9 $primary || true
wait $primary 2>err || true
wait $replica
"$exchange" --replay journal --trades trades-replayed >replayed
n=$(count replayed)
says "the journal has what was there when it was killed, not $n orders" [ "$n" -gt 2000 ]
"$exchange" --by-hand orders.csv --first "$n" >by-hand
says "the journal comes to the state of the first $n orders" [ "$(state replayed)" = "$(state by-hand)" ]
published=$(wc -l <trades)
says "no trade was published whose order was not in the journal: $published trades" cmp -s <(head -n $published trades) <(head -n $published trades-replayed)
m=$(count replica)
"$exchange" --by-hand orders.csv --first "$m" >by-hand
says "the replica has the state of the first $m orders" [ "$(state replica)" = "$(state by-hand)" ]
head -c $((n * 40 - 13)) journal >torn
"$exchange" --replay torn >replayed
says "a record that is not whole is not there" [ "$(count replayed)" = $((n - 1)) ]

status=0; "$exchange" orders.csv --replicate 127.0.0.1:1 >out 2>err || status=$?
says "a replica that is not there is an error: $(cat err)" [ $status = 1 ]
if [ -e /dev/full ]; then
  status=0; "$exchange" orders.csv --journal /dev/full >out 2>err || status=$?
  says "a disk that is full stops it: $(cat err)" [ $status = 1 ]
fi
start_replica replica
"$exchange" orders.csv --rate 3000 --replicate 127.0.0.1:$port >out 2>err &
primary=$!
started+=($primary)
kill -9 $replica
status=0; wait $primary || status=$?
wait $replica 2>/dev/null || true
says "without its replica it stops: $(cat err)" [ $status = 1 ]

echo "$checks checks"
exit $failed
