/* SPDX-License-Identifier: MIT
 * Sleeping and waking, include/millrace/sync: event_count.hpp access by access, with the masks of waiters.hpp and the two barriers.
 * Two stages advance; a producer and a flush, which share an event count, wait for both of them; and somebody has news that no
 * cursor carries. Nobody does anything afterwards, so a wake that is lost is a deadlock. What an advancer stores stays in its
 * store buffer for a while: a light barrier does not empty it, a heavy one empties those of all threads, a read-modify-write
 * that of its own.
 */
#ifndef M
#define M 2             /* how often each stage advances */
#endif

#ifndef STAGES
#define STAGES 1        /* that have to be passed */
#endif
#ifndef SLEEPERS
#define SLEEPERS 2      /* on one event count: a producer that waits for room event by event, a flush that waits for the last one */
#endif
#ifdef NEWS
#define SECOND_GOAL M + 1       /* that never comes: but there is news, at last */
#else
#define SECOND_GOAL M
#endif

byte own[2];            /* cursors as their advancers see them, */
byte at[2];             /*         and as all others do, a little later */
bool mask[2];           /* waiters::mask_ beside them: the bit sleepers::others */
byte word;              /* event_count::word_ */
bool queued[2];         /* who sleeps in the kernel, on the word */
bool news;              /* lifecycle::life_ */

#define EMPTY_BUFFER(i) at[i] = own[i]
#ifdef BY_RMW           /* no asymmetric barrier: both sides do a read-modify-write of the mask, see waiters::look */
#define LIGHT_BARRIER   EMPTY_BUFFER(i);
#define HEAVY_BARRIER   skip
#else
#define LIGHT_BARRIER
#define HEAVY_BARRIER   atomic { EMPTY_BUFFER(0); EMPTY_BUFFER(1) }
#endif

active [2] proctype store_buffer() {
end_never_full:
  do
  :: atomic { at[_pid] != own[_pid] -> EMPTY_BUFFER(_pid) }
  od
}

#ifdef BUG_EPOCH
#define NEXT(w)         ((w) - 1)       /* takes the bit away, in the same epoch */
#else
#define NEXT(w)         ((w) + 1)
#endif
#ifdef BUG_WAKE_ONE
#define WAKE_ALL        if :: queued[0] -> queued[0] = false :: else -> queued[1] = false fi
#else
#define WAKE_ALL        queued[0] = false; queued[1] = false
#endif
inline notify() {
  do
  :: atomic { now == 0 -> now = word; if :: (now & 1) == 0 -> now = 0; break :: else fi }
  :: atomic { now != 0 && word == now -> word = NEXT(now); now = 0 };             /* compare_exchange_weak */
     d_step { WAKE_ALL };
     break
  :: atomic { now != 0 && word != now -> now = word; if :: (now & 1) == 0 -> now = 0; break :: else fi }
#ifdef BUG_RETRY
  :: atomic { now != 0 -> now = 0; break }
#else
  :: atomic { now != 0 -> now = 0 }                                               /* fails for no reason */
#endif
  od
}

proctype advancer(byte i) {
  byte now;
  do
  :: atomic { own[i] < M -> own[i] = own[i] + 1 };            /* lanes::advance; waiters::notify */
     if
     :: atomic { mask[i] -> EMPTY_BUFFER(i) };                /* surely_closed, by read-modify-write */
#ifdef BUG_CLEAR
        notify();
        mask[i] = false
#else
        mask[i] = false;                                      /* clear */
        notify()
#endif
     :: atomic { !mask[i] -> LIGHT_BARRIER skip }
     fi
  :: own[i] == M -> break
  od
}

#if STAGES == 1
#define ANNOUNCE        mask[0] = true                        /* barrier::add_waiter */
#define LOOK            atomic { least = at[0]; IS_READY }
#else
#define ANNOUNCE        mask[0] = true; mask[1] = true
#define LOOK            least = at[0]; atomic { if :: at[1] < least -> least = at[1] :: else fi; IS_READY }
#endif
#define IS_READY        if :: least >= goal || news -> goto passed :: else -> least = 0 fi       /* barrier::reached, course.now() */
#define PREPARE         atomic { word = word | 1; key = word }

proctype sleeper(byte me, goal) {                             /* patience.hpp, wait_until */
  byte key, least;
again:
  LOOK;
#if defined(BUG_LOOK)
  PREPARE; ANNOUNCE;
#elif defined(BUG_PREPARE)
  ANNOUNCE; PREPARE; HEAVY_BARRIER; LOOK;
#elif defined(BUG_BARRIER)
  PREPARE; ANNOUNCE; LOOK;
#else
  PREPARE; ANNOUNCE; HEAVY_BARRIER; LOOK;
#endif
  do                                                          /* event_count::wait */
  :: atomic { word != key -> key = 0; goto again }
  :: word == key ->
     if
#ifdef BUG_COMPARE
     :: queued[me] = true; !queued[me]
#else
     :: atomic { word == key -> queued[me] = true }; !queued[me]                  /* futex_wait compares again */
     :: atomic { word != key -> key = 0; goto again }
#endif
     fi
  od;
passed:
  atomic { key = 0; least = 0; goal++; if :: !news && goal <= M -> goto again :: else fi }
}

#ifdef NEWS
active proctype newsman() {
  byte now;
  if :: true :: at[0] == M fi;  /* at any moment, or when nothing else wakes any more */
  news = true;
  notify()                      /* sleepers::alert */
}
#endif

init {
  atomic {
    run advancer(0); run sleeper(0, 1);
#if STAGES == 2
    run advancer(1);
#endif
#if SLEEPERS == 2
    run sleeper(1, SECOND_GOAL)
#endif
  }
}
