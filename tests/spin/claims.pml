/* SPDX-License-Identifier: MIT
 * A pool, include/millrace/run/pool.hpp: two workers claim the lanes that stand furthest behind, run what lies there, and move them to
 * their next run; a stage behind them follows the least of the cursors. Events are dealt to lanes in runs of neighbours. Every read
 * of a cursor is a step of its own, since a claim is chosen from many of them while others move them.
 */
#ifndef L
#define L 2             /* lanes */
#endif
#ifndef T
#define T 2             /* neighbours in a run */
#endif
#ifndef SLOTS
#define SLOTS LAP
#endif
#ifndef N
#define N 6             /* events */
#endif
#ifndef SERIAL
#define SERIAL 0        /* so often the first worker runs the lanes it gets as a plan without a pool would */
#endif
#define LAP (L * T)
#define ALL ((1 << L) - 1)
#define LANE(q) (((q) / T) % L)
#define RUN(q) ((q) - (q) % T)
#define LESS(a, b) ((a) < (b) -> (a) : (b))
#define MORE(a, b) ((a) > (b) -> (a) : (b))
#define FREE(l) (((held >> (l)) & 1) == 0)
#define IN(set, l) (((set) >> (l)) & 1)
#define CAN ((FREE(0) && at[0] < published) || (FREE(1) && at[1] < published) || (L > 2 && FREE(L - 1) && at[L - 1] < published))

byte held;              /* lanes::held_ */
byte at[L];             /* lanes::at_ */
byte published, consumed;

byte slot[SLOTS];       /* ghosts: the number of the event in it */
bool ran[N + LAP];
bool started;

inline take(set) {
  atomic {
#ifdef BUG_HOLD
    got = set;
#else
    got = set & (255 - held);
#endif
    held = held | set
  }
}
inline put() {
  atomic { held = held & (255 - got); got = 0 }
}
/* One run: its handler. */
inline work(begin, behind) {
  i = begin;
  do
  :: i < behind ->
     assert(i < published && slot[i % SLOTS] == i);     /* it is there, and has not been written over */
     assert(!ran[i]);                                   /* once */
     ran[i] = true;
     i++
  :: else -> break
  od;
  i = 0
}
/* The first claim in the lap that begins at `first`, see walk(). */
inline walk(first) {
  atomic { q = first; from = 0; to = 0; lanes = 0; events = 0; end = LESS(q + LAP, limit) };
  do
  :: atomic { q < end && events < most && IN(free, LANE(q)) -> a = at[LANE(q)];
       stop = LESS(q + T, limit);
       if
       :: a < stop ->
          a = MORE(a, q);
          n = LESS(stop - a, most);
          if
          :: lanes != 0 && (a != q || events + n > most) -> a = 0; stop = 0; n = 0; break       /* not in every copy */
          :: else ->
             if :: lanes == 0 -> from = a :: else fi;
             lanes = lanes | (1 << LANE(q));
             events = events + n;
             to = a + n
          fi
       :: else
       fi;
       a = 0; stop = 0; n = 0;
       q = q + T }
  :: atomic { q < end && events < most && !IN(free, LANE(q)) -> q = q + T }
  :: atomic { q >= end || events >= most -> break }
  od;
  atomic { q = 0; end = 0 }
}
/* The least cursor of some lanes into `a`, read at once: they only grow. */
inline least(some) {
  a = 255;
  l = 0;
  do
  :: l < L -> if :: IN(some, l) -> a = LESS(a, at[l]) :: else fi; l++
  :: l == L -> l = 0; break
  od
}
/* Its next event that is not below. */
#define NEXT(l, p) (LANE(p) == (l) -> (p) : RUN(p) + T * ((((l) + L - LANE(p)) % L)))

active [2] proctype worker() {
  byte floor = 0, limit, free, most, from, to, lanes, events, got, q, end, stop, a, n, l, i, serial;
  started;
  atomic { least(ALL); floor = RUN(a); a = 0 };
again:
end_nothing_to_do:
  do
  :: atomic { CAN -> limit = published };
     atomic { free = ALL & (255 - held) };
     if :: most = 1 :: most = LAP fi;
     do                                                         /* choose(): what it knows to be done */
     :: atomic { l < L && floor + T <= limit && at[LANE(floor)] >= floor + T -> floor = floor + T; l++ }
     :: atomic { !(l < L && floor + T <= limit && at[LANE(floor)] >= floor + T) -> l = 0; break }
     od;
     walk(floor);
     if
     :: lanes != 0
     :: lanes == 0 ->
        atomic { least(free);
          if :: a >= limit -> a = 0; limit = 0; free = 0; most = 0; goto again :: else -> from = RUN(a) fi };
        atomic { least(ALL); floor = RUN(a); a = 0 };
        walk(from);
        if
        :: lanes != 0
        :: lanes == 0 ->
           do                                                   /* lanes that stand where they have nothing */
           :: atomic { l < L -> if :: IN(free, l) && at[l] < limit && NEXT(l, at[l]) >= limit -> lanes = lanes | (1 << l) :: else fi; l++ }
           :: atomic { l == L -> l = 0; break }
           od;
           if :: atomic { lanes == 0 -> limit = 0; free = 0; most = 0; goto again } :: lanes != 0 fi
        fi
     fi;
     take(lanes);
     if :: atomic { got == 0 -> lanes = 0; events = 0; from = 0; to = 0; limit = 0; free = 0; most = 0; goto again } :: got != 0 fi;
     if
     :: events == 0 ->                                          /* move_on() */
        do
#ifdef BUG_LAG
        :: atomic { l < L -> l++ }
#else
        :: atomic { l < L -> if :: IN(got, l) -> at[l] = NEXT(l, at[l]) :: else fi; l++ }
#endif
        :: atomic { l == L -> l = 0; break }
        od
     :: events != 0 ->
        atomic {                                                /* sure(): under the hold bits */
          lanes = lanes & got;
#ifndef BUG_SURE
          q = RUN(from);
          do
          :: q < to -> if :: at[LANE(q)] > MORE(q, from) -> lanes = lanes & (255 - (1 << LANE(q))) :: else fi; q = q + T
          :: else -> break
          od;
#endif
          q = RUN(from)
        };
#ifdef BUG_LATE
        atomic { held = held & (255 - got) };
#endif
        do
        :: atomic { q < to && IN(lanes, LANE(q)) -> a = MORE(q, from); stop = LESS(q + T, to); work(a, stop); a = 0; stop = 0; q = q + T }
        :: atomic { q < to && !IN(lanes, LANE(q)) -> q = q + T }
        :: atomic { q >= to -> q = RUN(from); break }
        od;
        do                                                      /* settle() */
        :: atomic { q < to ->
             if
             :: IN(lanes, LANE(q)) ->
#ifdef BUG_PART
                at[LANE(q)] = q + LAP
#else
                at[LANE(q)] = (to < q + T -> to : q + LAP)
#endif
             :: else
             fi;
             q = q + T }
        :: atomic { q >= to -> q = 0; break }
        od
     fi;
     atomic { lanes = 0; events = 0; from = 0; to = 0; limit = 0; free = 0; most = 0 };
     put()
#if SERIAL
  :: atomic { _pid == 0 && serial < SERIAL && CAN -> serial++; limit = published };           /* the plan makes it no pool for a moment: drive_part() */
     take(ALL);
     if :: atomic { got == 0 -> goto again } :: got != 0 fi;
     least(got);
     if
     :: atomic { a >= limit -> a = 0 }
     :: a < limit ->
        atomic {                                                /* the lanes that are behind, up to where the next of them stand */
          to = limit;
          do
          :: l < L -> if :: IN(got, l) && at[l] > a -> to = LESS(to, at[l]) :: IN(got, l) && at[l] == a -> lanes = lanes | (1 << l) :: else fi; l++
          :: else -> l = 0; break
          od;
          q = a
        };
        do
        :: atomic { q < to && IN(lanes, LANE(q)) -> stop = LESS(RUN(q) + T, to); work(q, stop); stop = 0; q = RUN(q) + T }
        :: atomic { q < to && !IN(lanes, LANE(q)) -> q = RUN(q) + T }
        :: atomic { q >= to -> q = 0; break }
        od;
        do
        :: atomic { l < L -> if :: IN(lanes, l) -> at[l] = to :: else fi; l++ }
        :: atomic { l == L -> l = 0; a = 0; lanes = 0; to = 0; break }
        od
     fi;
     put()
#endif
  od
}

active proctype producer() {
  started;
end_full:
  do
  :: atomic { published < N && published < consumed + SLOTS -> slot[published % SLOTS] = published; published++ }
  :: atomic { published == N -> break }
  od
}

active proctype follower() {
  byte a, l, i;
  started;
end_empty:
  do
#ifdef BUG_FIRST
  :: atomic { at[0] > consumed ->
       a = at[0];
#else
  :: atomic { at[0] > consumed && at[1] > consumed && at[L - 1] > consumed ->
       least(ALL);
#endif
       assert(a <= published);
       i = consumed;
       do
       :: i < a -> assert(ran[i] && slot[i % SLOTS] == i); i++
       :: else -> break
       od;
       consumed = a;
       i = 0; a = 0 }
  :: atomic { consumed == N -> break }
  od
}

/* One worker has run the stage until now, and has stopped anywhere. */

init {
  byte first = 0, l;
  atomic {
#if SERIAL
    published = 0;      /* it does so later */
#else
    if :: first = 0 :: first = 1 :: first = T :: first = T + 1 fi;
    published = first;
    consumed = first;
    for (l : 0 .. L - 1) { at[l] = first }
    l = 0;
    do :: l < first -> ran[l] = true; slot[l % SLOTS] = l; l++ :: else -> break od;
#endif
    started = true
  }
}

ltl arrives { <> (consumed == N) }
