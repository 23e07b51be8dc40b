#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What pbz writes is what bzip2 reads, and the other way round; mistakes end as with bzip2. check.sh PROGRAM
set -euo pipefail
pbz=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export LC_ALL=C
failed=0 checks=0
bzip2=$(command -v bzip2 || true)
[ -n "$bzip2" ] || { echo "no bzip2 here: compared with itself only"; bzip2=$pbz; }

# says <what> <command...>: it must succeed.
says() {
  checks=$((checks + 1))
  "${@:2}" || { echo "not so: $1"; failed=1; }
}
# ends <status> <command...>
ends() {
  local status=0
  "${@:2}" >out 2>err </dev/null || status=$?
  says "${*:2} ends with $1, not $status: $(head -c 200 err)" [ "$status" = "$1" ]
}

# ---- files of all kinds
: >empty
printf x >one
seq 1 15000 >text1; "$bzip2" -k text1
seq 1 400000 >text                                  # 2.7 MB
"$bzip2" -c text | head -c 950000 >noise            # cannot be made smaller
head -c 899979 text >short; head -c 899980 text >exact; head -c 899981 text >long
head -c 6000000 /dev/zero >runs
cat text noise runs one noise >mixed
for f in empty one text noise short exact long runs mixed; do
  for how in -9p2 -1p3; do
    "$pbz" -c $how $f >made.bz2
    says "bzip2 gives $f back, $how" cmp -s $f <("$bzip2" -dc made.bz2)
    says "pbz gives $f back, $how" cmp -s $f <("$pbz" -dcp2 made.bz2)
  done
  "$bzip2" -c $f >made.bz2
  says "what bzip2 made of $f" cmp -s $f <("$pbz" -dcp2 made.bz2)
  says "from a pipe to a pipe, $f" cmp -s $f <(cat $f | "$pbz" -p2 | "$pbz" -d)
done
"$pbz" -c mixed >mixed.bz2
says "the same bytes with any number of workers" cmp -s mixed.bz2 <("$pbz" -cp3 mixed)
for f in text empty noise runs one empty; do "$bzip2" -c $f; done >several.bz2
says "streams of bzip2, one after the other" cmp -s <(cat text noise runs one) <("$pbz" -dcp3 several.bz2)
for n in $(seq 300); do echo $n | "$bzip2"; done >many.bz2
says "many small streams" cmp -s <(seq 300) <("$pbz" -dcp3 many.bz2)

# ---- what bzip2 makes of damage: the same bytes until then, the same status
as_bzip2() {
  local expected=0 got=0
  "$bzip2" -dc "$1" >expected 2>err || expected=$?
  "$pbz" -dcp2 "$1" >got 2>err || got=$?
  says "$1 ends as with bzip2: $got, not $expected" [ $got = $expected ]
  [ $expected != 0 ] || says "$1 gives what bzip2 gives" cmp -s expected got
}
size=$(stat -c %s several.bz2)
for at in 0 3 4 20 100 1000 $((size / 2)) $((size - 200)) $((size - 3)); do
  { head -c $at several.bz2; printf '\252'; tail -c +$((at + 2)) several.bz2; } >damaged-at-$at.bz2
  as_bzip2 damaged-at-$at.bz2
  head -c $at several.bz2 >ends-at-$at.bz2
  as_bzip2 ends-at-$at.bz2
done
{ cat many.bz2; echo BZ garbage; cat many.bz2; } >garbage.bz2
as_bzip2 garbage.bz2
{ cat many.bz2; printf BZ; } >nearly.bz2
as_bzip2 nearly.bz2

# ---- files on the disk
cp text a; touch -d 2001-02-03 a; chmod 640 a
ends 0 "$pbz" a
says "the input is gone, and the output has its time and mode" [ ! -e a -a "$(stat -c '%Y %a' a.bz2)" = "$(date -d 2001-02-03 +%s) 640" ]
ends 1 "$pbz" a.bz2
ends 0 "$pbz" -dk a.bz2
says "-k keeps" cmp -s a text
says "and it is still there" [ -e a.bz2 ]
ends 1 "$pbz" -d a.bz2
ends 1 "$pbz" a
says "what is there stays" cmp -s a text
ends 0 "$pbz" -df a.bz2
ends 1 "$pbz" nothing
ends 1 "$pbz" .
ends 1 "$pbz" -X a
ends 1 "$pbz" -p0 a
ends 2 "$pbz" -d one
says "nothing is left of a file that is none of bzip2's" [ ! -e one.out ]
ends 2 "$pbz" -d damaged-at-1000.bz2
says "nor of a damaged one, which stays" [ ! -e damaged-at-1000 -a -e damaged-at-1000.bz2 ]
cp text b
ends 1 "$pbz" nothing b
says "the others are done" cmp -s text <("$bzip2" -dc b.bz2)
if [ -e /dev/full ]; then
  status=0; "$pbz" -c text >/dev/full 2>err || status=$?
  says "a full disk is an error: $status" [ $status = 1 ]
fi
if [ "$(id -u)" != 0 ]; then
  cp text secret; chmod 000 secret
  ends 1 "$pbz" secret
  mkdir closed; cp text closed/a; chmod 500 closed
  ends 1 "$pbz" closed/a
  chmod 700 closed
fi

# ---- the command line: what bzip2 does with it, and says
if [ "$bzip2" = "$pbz" ]; then echo "no bzip2 here: its words are not compared"; else
mkdir -p words/new; cd words/new  # files of all kinds
seq 1 15000 >t; "$bzip2" -k t; : >e; "$bzip2" -k e; cp t a.bz; cp t.bz2 b.bz2; cp t.bz2 c.tbz2; cp t.bz2 d.bz; cp t.bz2 none; mkdir dir; ln -s t link; cp t h; ln h hard; cp b.bz2 -- -b.bz2
{ cat t.bz2; echo junk; } >junk.bz2; head -c 2000 t.bz2 >cut.bz2; { head -c 1000 t.bz2; printf "????"; tail -c +1005 t.bz2; } >broken.bz2
printf BZ >two; printf BZh9 >four; printf BZh9abcdefghi >nine; printf 'BZ%s' "$(cat t)" >near
cd ../..
# What is said, without the names of programs, of the advice on recovering data, and of empty lines.
words_of() {
  sed -e 's/^bzip2: /pbz: /' -e '/^$/d' -e '/^You can use/d' -e '/^data from undamaged/d' -e '/^It is possible/d' -e '/^\tperhaps it/d' -e '/^pbz: Deleting output/d' \
      -e 's/ends unexpectedly;$/ends unexpectedly./' -e '/^pbz: \(Success\|No such file or directory\|Inappropriate ioctl for device\)$/d' -e '/^usage: /,$d' -e '/^bzip2, a /,$d' "$1"
}
# same <input of stdin> <arguments...>: both end alike, write the same, say the same, and leave the same files
same() {
  local status_a=0 status_b=0
  rm -rf words/a words/b; cp -a words/new words/a; cp -a words/new words/b
  (cd words/a && "$bzip2" "${@:2}" <"$1" >../out-a 2>../err-a) || status_a=$?
  (cd words/b && "$pbz" "${@:2}" <"$1" >../out-b 2>../err-b) || status_b=$?
  says "bzip2 ${*:2} ends with $status_a, not $status_b" [ $status_a = $status_b ]
  says "${*:2} writes what bzip2 does" cmp -s words/out-a words/out-b
  says "${*:2} leaves what bzip2 does" diff -r --no-dereference words/a words/b
  says "${*:2} says what bzip2 does" diff <(words_of words/err-a) <(words_of words/err-b)
}
for line in '-k t' '-kv h' '-fkv t' 't' '-v e' '-ve dir t' '-kfv t e none' '-z none' '-kz9 near' '--compress --keep --force --verbose t' '-kf1 t' '-kf --fast t' '-kfs9v t' '-kf --best --small t' \
            '-d t.bz2' '-df t.bz2' '-dfv t.bz2 b.bz2' '-dvk b.bz2 c.tbz2 d.bz' '-dk none' '-dkq none' '-dkv none' '--decompress --quiet --force t.bz2' '-dsf t.bz2' '-dc t.bz2 b.bz2' '-dcv b.bz2' \
            '-t t.bz2' '-tv t.bz2 b.bz2 e.bz2' '-tq t.bz2' '-t t' '-tv t none' '-t cut.bz2' '-tv cut.bz2' '-tq cut.bz2' '-t broken.bz2' '-tv broken.bz2 t.bz2' '-t junk.bz2' '-t dir' '--test nine' '-t two' '-t nothing t.bz2' '-tf t' \
            '-d t' '-dk t' '-dkc t' '-dkcq t' '-dkcf t' '-dkf t' '-dcf near' '-dcf two' '-dcf four' '-dcf nine' '-dcf e' '-dk two' '-dk four' '-dk nine' '-dk e' '-dkq nine' '-dkq two' \
            '-dk broken.bz2' '-dkv broken.bz2' '-dkq broken.bz2' '-dk cut.bz2' '-dkv cut.bz2' '-dkq cut.bz2' '-dc junk.bz2' '-dkq junk.bz2' '-dkcv junk.bz2' \
            'nothing' '-q nothing' '-dv nothing' 'dir' '-dq dir' 'link' '-q link' '-kf link' '-d link' 'hard' '-kf hard' '-q hard' '-k t.bz2' '-q t.bz2' '-kc c.tbz2' 'a.bz' '-k t t.bz2 h' \
            '-X t' '--frob t' '-q --foo t' '-kX t' '-- -b.bz2' '-dk -- -b.bz2' '-zdk b.bz2' '-dzk none' '-ztk t.bz2' '-dtv t.bz2'; do
  # shellcheck disable=SC2086
  same /dev/null $line
done
for line in '' '-' '-c' '-v' '-1' '-vs'; do same "$work/text1" $line; done
for line in '-d' '-dv' '-t' '-tv' '-tq' '-dc -'; do same "$work/text1.bz2" $line; same "$work/text1" $line; same "$work/empty" $line; done
for name in bunzip2 bzcat; do
  ln -s "$pbz" $name
  says "called as $name" cmp -s text1 <(./$name -c text1.bz2)
done
says "called as bzcat it writes to the standard output" cmp -s text1 <(./bzcat text1.bz2)
says "what BZIP2 and BZIP say comes first" cmp -s <(BZIP2='-1 -k' BZIP=' -c ' "$bzip2" text1) <(BZIP2='-1 -k' BZIP=' -c ' "$pbz" text1)
ends 0 "$pbz" -h
says "-h says how it is called" grep -q '^usage: pbz' err
ends 0 "$pbz" --version
says "-V says which coder that is" grep -q 'libbz2 1\.' err
fi

echo "$checks checks"
exit $failed
