/* SPDX-License-Identifier: MIT
 * The end of the entry, include/millrace/ring/single_producer.hpp: close() against publish_to() and readable(). The store of a
 * publish stays in the producer's store buffer for a while, as on real machines: a light barrier does not empty it, a heavy one
 * empties those of all threads, a read-modify-write that of its own.
 */
#ifndef N
#define N 4             /* events that the producer would like to publish */
#endif
#ifndef BATCH
#define BATCH 2         /* at most so many at a time */
#endif
#ifndef CLOSERS
#define CLOSERS 2       /* threads that close: a drain(), a stop(), a handler that fails */
#endif
#define UNKNOWN (N + 1)

byte own;               /* published_ as the producer sees it, */
byte published;         /*            and as all others do, a little later */
bool closed;            /* waiting_: its bit `closed` */
byte end = UNKNOWN;     /* end_ */
bool locked;            /* lifecycle::mutex_ */

byte in_stream;         /* ghosts: what the producer was told */
byte consumed;

#define EMPTY_BUFFER    published = own
#ifdef BY_RMW           /* no asymmetric barrier: both sides do a read-modify-write of the mask, see waiters::look */
#define LIGHT_BARRIER   EMPTY_BUFFER
#define HEAVY_BARRIER
#else
#define LIGHT_BARRIER
#define HEAVY_BARRIER   EMPTY_BUFFER;
#endif

active proctype store_buffer() {
end_never_full:
  do
  :: atomic { published != own -> EMPTY_BUFFER }
  od
}

active proctype producer() {
  byte to;
  do
  :: own == N -> break
  :: own < N ->
     if                         /* open_now */
     :: atomic { closed -> EMPTY_BUFFER; break }
     :: atomic {
          !closed -> LIGHT_BARRIER;
          to = own + 1;
          do :: to < N && to < own + BATCH -> to++ :: break od
        }
     fi;
     own = to;                  /* publish_to: a store, then a look at the mask */
#ifdef BUG_LOOK
     atomic { in_stream = to; to = 0 }
#else
     if
     :: atomic { !closed -> LIGHT_BARRIER; in_stream = to; to = 0 }
     :: atomic { closed -> EMPTY_BUFFER };           /* surely_closed; in_time */
#ifndef BUG_IN_TIME
        end != UNKNOWN;
#endif
        if :: to <= end -> in_stream = to :: to > end fi;
        to = 0; break
     fi
#endif
  od;
  end != UNKNOWN;
  assert(in_stream == end)
}

active [CLOSERS] proctype closer() {
  byte all, was;
  atomic { !locked -> locked = true };
  if
  :: end != UNKNOWN
  :: end == UNKNOWN ->
#if defined(BUG_ORDER)
     all = published;
     closed = true;
     HEAVY_BARRIER
#elif defined(BUG_BARRIER)
     closed = true;
     all = published;
#else
     closed = true;
     HEAVY_BARRIER
     all = published;
#endif
     atomic { end = all; all = 0 }
  fi;
  atomic { locked = false; was = end };
  assert(was != UNKNOWN);
  assert(end == was)            /* it does not change any more */
}

active proctype consumer() {
  byte to;
  do
  :: atomic { published != consumed && end == UNKNOWN -> to = published };           /* readable */
#ifdef BUG_READABLE
     skip;
#else
     if
     :: !closed
     :: closed ->
#ifdef BUG_UNSET
        if :: end == UNKNOWN :: end != UNKNOWN && to > end -> to = end :: end != UNKNOWN && to <= end fi
#else
        atomic { if :: end == UNKNOWN -> to = consumed :: end != UNKNOWN && to > end -> to = end :: end != UNKNOWN && to <= end fi }
#endif
     fi;
#endif
     atomic { consumed = to; to = 0; assert(end == UNKNOWN || consumed <= end) }
  :: atomic { end != UNKNOWN -> assert(consumed <= end); consumed = end; break }
  od
}
