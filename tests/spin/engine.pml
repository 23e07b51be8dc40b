/* SPDX-License-Identifier: MIT
 * Lanes and parking: two workers that drive two stages of one ring, as include/millrace/run does it step by step; a producer; who
 * changes plans; and who ends it. A step is one access to what threads share, with the local statements around it. Where two
 * accesses are one step, README.md says why nobody could come between.
 */
#ifndef N
#define N 2            /* events */
#endif
#ifndef R
#define R 1            /* slots of the ring */
#endif
#ifndef K
#define K 1            /* plans that replace the first one */
#endif
#ifndef END
#define END 0          /* 0: it is drained after the last event; 1: at any moment, or stopped; 2: or first this, then that */
#endif
/* SHARDED   below
 * PARK      who finds nothing sleeps; else it looks on
 * QUIET     nobody ends it
 * FEW       fewer plans
 * OVERLAP   the first plan gives all lanes to both workers */

/* Lanes are bits, and a stage is the set of its lanes. Serial: two stages of a lane each. SHARDED: a stage of two lanes, each of
 * which takes every other event, and a serial stage behind it. */
#ifdef SHARDED
#define L          3
#define LANES(s)   (s == 0 -> 3 : 4)
#ifdef BUG_MAX
#define REACHED_0  (at[0] > at[1] -> at[0] : at[1])
#else
#define REACHED_0  (at[0] < at[1] -> at[0] : at[1])
#endif
#define REACHED_1  at[2]
#define TAKES(l,e) ((e & 1) == l)                   /* whether event e belongs to lane l of stage 0 */
#define ALL        7
#else
#define L          2
#define LANES(s)   (1 << (s))
#define REACHED_0  at[0]
#define REACHED_1  at[1]
#define TAKES(l,e) true
#define ALL        3
#endif
#ifdef BUG_GATE
#define GATE       REACHED_0
#else
#define GATE       REACHED_1                        /* what the last stage has passed may be written over */
#endif

/* ---- what threads share */
byte pub;                       /* single_producer::published_ */
bool entry_closed;              /*                  ::waiting_'s bit `closed`, ::end_ */
byte at[L];                     /* lanes::at_ */
byte held;                      /*      ::held_, of both stages */
byte plan;                      /* plan_board::plan_: lanes of worker 0 in the low bits, of worker 1 in the next */
byte version = 1;               /*           ::version_ */
bool locked;                    /*           ::mutex_ */
byte aboard;                    /*           ::aboard_ */
byte life = 1;                  /* lifecycle::life_: */
#define RUNNING   1
#define DRAINING  2
#define STOPPING  3
#define OVER      4
#define UNKNOWN   (N + 1)
byte end = UNKNOWN;             /* holder::end_ */
byte closed;                    /*       ::closed_lanes_, and lifecycle::closed_ when all of a stage are */
byte members;                   /* lifecycle::members_ */
bool mail[2];                   /* crew::seat::mail: this job */
bool go_home;                   /*                   and null */
#ifdef PARK
byte asleep;                    /* event_count::word_, its bit `sleeping`. 1, 2: where the workers sleep, 4: where the producer does */
byte waiting[3];                /* beside a cursor: of the producer, of stage 0, of stage 1 */
byte wanting[2];                /* beside the hold bits: of stage 0, 1 */
#endif

/* ---- ghosts: nobody decides by them */
byte slot[R];                   /* the number of the event in it, from 1 */
byte st[L];                     /* the state of a lane's handler: the next event that it is to see */
byte inside;                    /* lanes that somebody runs just now */
byte stopped_lanes;             /* whose hook `stop` was heard */
byte resting;                   /* who sleeps */
bool posted_all, was_stopped, finished;
#ifdef SETTLES
byte has[2];                    /* what each worker holds */
#define SHOW       has[me] = mine;
#else
#define SHOW
#endif

#define BIT(b)          (1 << (b))
#define GIVEN(p,w)      (((p) >> ((w) * L)) & ALL)
#define DIFFER(p,q,w)   (GIVEN(p, w) != GIVEN(q, w) -> BIT(w) : 0)

/* ---- sync/waiters.hpp, sync/event_count.hpp */
#ifdef PARK
#define AND_ALERT(mask) ; asleep = asleep & ~(mask)
#ifdef BUG_OVER
#define AND_ALERT_OVER
#else
#define AND_ALERT_OVER  AND_ALERT(7)
#endif
#define LOOK_AND_WAKE(mask) atomic { asleep = asleep & ~mask; mask = 0 }
#define AND_NOTIFY(c)   ; LOOK_AND_WAKE(waiting[c])
#ifdef BUG_PUT
#define AND_NOTIFY_WANTING(s)
#else
#define AND_NOTIFY_WANTING(s) ; LOOK_AND_WAKE(wanting[s])
#endif
#else
#define AND_ALERT(mask)
#define AND_ALERT_OVER
#define AND_NOTIFY(c)
#define AND_NOTIFY_WANTING(s)
#endif

/* ---- take, put */
#define LACKS(s)    ((wanted & ~mine & LANES(s)) != 0)
inline take(s) {
  group = wanted & LANES(s) & ~mine;
#ifndef BUG_TAKE
  group = group & ~held;
#endif
  held = held | group; mine = mine | group; group = 0; SHOW
  if :: LACKS(s) -> missing = true :: else fi
}
inline put(which) {
  group = which; mine = mine & ~group; held = held & ~group; SHOW
  group = 0
}

/* ---- drive, drive_part */
#define HOLDS(l)    ((mine & BIT(l)) != 0)
#define RUNS(l,e)   ((group & BIT(l)) != 0 && TAKES(l, e))
#define HEAR(l,e)   assert(st[l] == e && (stopped_lanes & BIT(l)) == 0 && slot[(e) % R] == (e) + 1)
#define AT_END(l)   (HOLDS(l) && at[l] >= end -> BIT(l) : 0)
#ifdef SHARDED
#define AT_END_0    (AT_END(0) | AT_END(1))
#define AT_END_1    AT_END(2)
#else
#define AT_END_0    AT_END(0)
#define AT_END_1    AT_END(1)
#endif
inline carry_on() {                           /* after a batch, or a look that found none */
  group = 0; to = 0;
#ifndef QUIET
  which = (phase == DRAINING && left == 0 -> AT_END_0 : 0);           /* close_finished */
  if :: which == 0 -> which = (phase == DRAINING && left == 0 -> AT_END_1 : 0) :: else fi;
#endif
  if
  :: left != 0 -> goto driving
#ifndef QUIET
  :: left == 0 && which != 0 -> goto closing
#endif
  :: left == 0 && which == 0 && any -> any = false; phase = 0; goto turn             /* not in every copy */
  :: left == 0 && which == 0 && !any -> phase = 0; goto idle
  fi
}
inline look() {                               /* lanes `group` stand at `from`: is there anything up to the limit, `to`? */
  if
  :: to > from ->
     any = true;
     do :: to > from + 1 -> to-- :: break od;         /* a batch: at least one, at most all */
     assert((inside & group) == 0); inside = inside | group
  :: else ->
     from = 0; carry_on()
  fi
}
inline body() {
  d_step {
    do
    :: from < to ->
       if :: RUNS(0, from) -> HEAR(0, from) :: else fi;
       if :: (group & 1) != 0 -> st[0] = from + 1 :: else fi;
#ifdef SHARDED
       if :: RUNS(1, from) -> HEAR(1, from) :: else fi;
       if :: (group & 2) != 0 -> st[1] = from + 1 :: else fi;
       if :: (group & 4) != 0 -> HEAR(2, from); assert(st[from & 1] > from); st[2] = from + 1 :: else fi;
#else
       if :: (group & 2) != 0 -> HEAR(1, from); assert(st[0] > from); st[1] = from + 1 :: else fi;
#endif
       from++
    :: else -> break
    od;
    inside = inside & ~group; from = 0
  }
}

/* ---- close, wind_up */
#ifdef BUG_AGAIN
#define UNHEARD     ((which & 3) != 0 && (closed & 3) == 3 -> 0 : which)      /* looks at the stage, not at the lane */
#else
#define UNHEARD     (which & ~closed)
#endif
inline to_close(s) {
#ifdef BUG_CLOSE
  which = (mine | wanted) & LANES(s);
#else
  if :: LACKS(s) -> take(s) :: else fi;
  which = mine & LANES(s);
#endif
  if :: which != 0 -> goto closing :: else fi
}

/* ---- lie_down, look_again */
#ifdef PARK
#define FREE(l)     ((wanted & ~held & BIT(l)) != 0)
#define COULD(a,all,up) ((phase < DRAINING || (a) < end) -> (phase == STOPPING || (up) > (a)) : (closed & (all)) != (all))
#ifdef SHARDED
#define LEAST_FREE  (FREE(0) && (!FREE(1) || at[0] < at[1]) -> at[0] : at[1])
#define COULD_0     ((FREE(0) || FREE(1)) && COULD(LEAST_FREE, 3, pub))
#define COULD_1     (FREE(2) && COULD(at[2], 4, REACHED_0))
#else
#define COULD_0     (FREE(0) && COULD(at[0], 1, pub))
#define COULD_1     (FREE(1) && COULD(at[1], 2, REACHED_0))
#endif
inline announce_at(s) {                       /* beside the cursor of what is upstream */
  if :: (wanted & LANES(s)) != 0 -> waiting[s] = waiting[s] | BIT(me) :: else fi
}
#ifdef BUG_WANTING
#define MISSES(s)   false
#else
#define MISSES(s)   ((wanted & held & LANES(s)) != 0 && (wanting[s] & BIT(me)) == 0)
#endif
inline announce() { announce_at(0); announce_at(1); missing = true }
#else
#ifdef SHARDED
#define DRIVABLE    ((HOLDS(0) && at[0] < pub) || (HOLDS(1) && at[1] < pub) || (HOLDS(2) && at[2] < REACHED_0))
#else
#define DRIVABLE    ((HOLDS(0) && at[0] < pub) || (HOLDS(1) && at[1] < REACHED_0))
#endif
#define IS_NEWS     (version != seen || life == OVER || (wanted & ~mine & ~held) != 0 || DRIVABLE || \
                     (life == STOPPING && mine != 0) || (life == DRAINING && (AT_END_0 | AT_END_1) != 0))
#endif

/* ---- a worker: crew::run, engine::work, strand::step */
proctype worker(byte me) {
  byte mine, wanted, seen;      /* seat::held, wanted, version */
  bool missing;                 /*     ::missing */
  bool hired;                   /* crew::seat::jobs */
  byte phase, group, from, to, which, left; bool any;
turn:
  if
  :: atomic { !hired && mail[me] -> mail[me] = false; hired = true; goto turn }
#ifndef QUIET
  :: atomic { !hired && !mail[me] && go_home -> goto home }
#endif
  :: atomic { !hired && !mail[me] && !go_home -> goto idle }
  :: atomic { hired && version != seen && !locked ->          /* adopt, plan_board::read */
       locked = true; wanted = GIVEN(plan, me); which = mine & ~wanted;
#if defined(BUG_ADOPT)
       if :: wanted != 0 -> which = 0 :: else fi
#elif defined(BUG_RETIRE)
       if :: wanted == 0 -> which = 0 :: else fi
#endif
     }
  :: atomic { hired && (version == seen || locked) -> if :: missing -> goto picking :: else -> goto looking fi }
  fi;
  do
  :: atomic { (which & LANES(0)) != 0 -> put(which & LANES(0)); which = which & ~LANES(0) } AND_NOTIFY_WANTING(0)
  :: atomic { (which & LANES(0)) == 0 && which != 0 -> put(which); which = 0 } AND_NOTIFY_WANTING(1)
  :: atomic {
       which == 0 ->
       locked = false;
       if
       :: wanted != 0 -> seen = version; goto picking
       :: wanted == 0 -> seen = 0; missing = false; aboard = aboard & ~BIT(me); goto ashore
       fi
     }
  od;
picking:                        /* pick_up */
#ifdef BUG_STALE
  phase = life;
#endif
  if
  :: atomic { LACKS(0) -> missing = false; take(0); if :: !LACKS(1) -> goto looking :: else fi }; atomic { take(1) }
  :: atomic { !LACKS(0) -> missing = false; take(1) }
  fi;
looking:                        /* after the takes: what is closed by then stays closed */
  atomic {
#ifdef BUG_STALE
    if :: phase == 0 -> phase = life :: else fi;
#else
    phase = life;
#endif
    left = 2;
    if
#ifndef QUIET
    :: phase >= STOPPING -> goto winding
#endif
    :: phase < STOPPING && mine == 0 -> phase = 0; left = 0; goto idle
    :: phase < STOPPING && mine != 0
    fi
  };
driving:                        /* the last stage first: it makes room */
  if
#ifdef SHARDED
  :: atomic {
       left == 2 && mine == 7 && at[0] == at[1] && at[1] == at[2] ->  /* whole, and at one position: one inlined loop */
       left = 0; group = 7; from = at[0]; to = pub; look()
     }
  :: atomic {
       left == 2 && HOLDS(2) && !(mine == 7 && at[0] == at[1] && at[1] == at[2]) ->
       left = ((mine & 3) != 0 -> 1 : 0); group = 4; from = at[2]; to = REACHED_0; look()
     }
  :: atomic {
       left == 1 || !HOLDS(2) ->
       left = 0; group = mine & 3; from = (group == 2 -> at[1] : at[0]); to = pub;
       if                       /* drive_part: of two lanes that stand apart the one behind catches up */
       :: group == 3 && at[0] < at[1] -> group = 1; to = at[1]
       :: group == 3 && at[0] > at[1] -> group = 2; from = at[1]; to = at[0]
       :: else
       fi;
       look()
     }
#else
  :: atomic { left == 2 && mine == 3 && at[0] == at[1] -> left = 0; group = 3; from = at[0]; to = pub; look() }    /* one inlined loop */
  :: atomic {
       left == 2 && HOLDS(1) && !(HOLDS(0) && at[0] == at[1]) ->
       left = (HOLDS(0) -> 1 : 0); group = 2; from = at[1]; to = REACHED_0; look()
     }
  :: atomic { left == 1 || !HOLDS(1) -> left = 0; group = 1; from = at[0]; to = pub; look() }
#endif
  fi;
  body();
#ifdef BUG_LATE
  atomic { mine = mine & ~group; held = held & ~group; missing = true; left = 0; SHOW };
#endif
#ifdef SHARDED
  if
  :: atomic { (group & 3) == 3 -> at[0] = to }; at[1] = to AND_NOTIFY(1)
  :: atomic { (group & 3) == 1 -> at[0] = to } AND_NOTIFY(1)
  :: atomic { (group & 3) == 2 -> at[1] = to } AND_NOTIFY(1)
  :: atomic { group == 4 -> at[2] = to; group = 0 } AND_NOTIFY(2)
  fi;
  if :: atomic { group == 7 -> at[2] = to } AND_NOTIFY(2) :: else fi;
#else
  if
  :: atomic { group == 3 -> at[0] = to } AND_NOTIFY(1); at[1] = to AND_NOTIFY(2)
  :: atomic { group == 1 -> at[0] = to } AND_NOTIFY(1)
  :: atomic { group == 2 -> at[1] = to } AND_NOTIFY(2)
  fi;
#endif
driven:
  atomic { carry_on() };
#ifndef QUIET
winding:
  if
  :: atomic { left == 2 -> left = 1; to_close(0); goto winding }
  :: atomic { left == 1 -> left = 0; to_close(1); goto winding }
  :: atomic { left == 0 -> phase = 0; if :: life == OVER -> goto ashore :: else -> goto idle fi }
  fi;
closing:                        /* lanes `which`; close, lifecycle::close */
  if
  :: atomic {
       UNHEARD != 0 ->          /* the hook `stop` */
       assert((UNHEARD & (stopped_lanes | inside)) == 0);
       stopped_lanes = stopped_lanes | UNHEARD
     };
     if
     :: atomic { (closed | which) == ALL -> closed = ALL }; life = OVER AND_ALERT_OVER
     :: atomic { (closed | which) != ALL -> closed = closed | which }
     fi
  :: atomic { UNHEARD == 0 -> skip }
  fi;
  if
  :: atomic { (which & LANES(0)) != 0 -> put(which); wanted = wanted & ~which; which = 0 } AND_NOTIFY_WANTING(0)
  :: atomic { (which & LANES(0)) == 0 -> put(which); wanted = wanted & ~which; which = 0 } AND_NOTIFY_WANTING(1)
  fi;
  if :: phase == DRAINING -> goto driven :: else -> goto winding fi;
#endif

idle:
#ifndef PARK
#ifdef QUIET
end_idle:
#endif
  /* A turn that finds nothing changes nothing: the next one is when there is something to find. */
  (mail[me] || (!hired && go_home) || (hired && IS_NEWS)) -> goto turn;
#else
  atomic {                      /* crew::rest */
#ifndef BUG_LOOK
    asleep = asleep | BIT(me);
#endif
    if :: !hired -> goto again :: else fi;
#ifndef BUG_HOLD
    which = mine
#endif
  };
  do                            /* lie_down */
  :: atomic { (which & LANES(0)) != 0 -> put(which & LANES(0)); which = which & ~LANES(0) } AND_NOTIFY_WANTING(0)
  :: atomic { (which & LANES(0)) == 0 && which != 0 -> put(which); which = 0 } AND_NOTIFY_WANTING(1)
  :: atomic {
       which == 0 ->
#ifndef BUG_LOOK
       announce();
#endif
       missing = true; break
     }
  od;
again:                          /* look_again */
  if
  :: atomic { !hired && (mail[me] || go_home) -> goto turn }
  :: atomic { !hired && !mail[me] && !go_home -> resting = resting | BIT(me); goto sleeping }
#ifdef BUG_VERSION
  :: atomic { hired -> phase = life }
#else
  :: atomic { hired && version != seen -> goto turn }
  :: atomic { hired && version == seen -> phase = life }
#endif
  fi;
  if                            /* beside the hold bits, and then another look */
#ifdef BUG_THIRD
  :: atomic { MISSES(0) -> phase = 0 }; atomic { wanting[0] = wanting[0] | BIT(me); resting = resting | BIT(me); goto sleeping }
#else
  :: atomic { MISSES(0) -> phase = 0 }; atomic { wanting[0] = wanting[0] | BIT(me); goto again }
#endif
  :: atomic { !MISSES(0) && MISSES(1) -> phase = 0 }; atomic { wanting[1] = wanting[1] | BIT(me); goto again }
  :: atomic { !MISSES(0) && !MISSES(1) -> skip }
  fi;
  if
  :: atomic { phase == OVER || COULD_0 || COULD_1 -> phase = 0; goto turn }
  :: atomic { phase != OVER && !COULD_0 && !COULD_1 -> phase = 0; resting = resting | BIT(me) }
  fi;
#ifdef BUG_LOOK
  atomic { asleep = asleep | BIT(me); announce() };
#endif
sleeping:
#ifdef QUIET
end_sleeping:
#endif
#ifdef BUG_RUSH
  atomic { (asleep & BIT(me)) == 0 -> resting = resting & ~BIT(me); goto turn };
#else
  atomic { (asleep & BIT(me)) == 0 -> resting = resting & ~BIT(me); goto idle };      /* looks before it takes anything */
#endif
#endif
ashore:                         /* engine::leave, lifecycle::leaves */
  atomic {
    members--; hired = false; missing = false; wanted = 0;
    assert((members > 0 || life == OVER) && mine == 0);
    goto turn
  };
#ifndef QUIET
home:
  skip
#endif
}

/* ---- the producer: input::publish, single_producer::claim, publish_to */
proctype producer() {
  byte i;
  do
  :: atomic { i < N && i - GATE < R -> slot[i % R] = i + 1 };
     if
     :: atomic { !entry_closed -> i++; pub = i } AND_NOTIFY(0)
     :: atomic { entry_closed -> break }
     fi
#ifdef PARK
  :: atomic { i < N && i - GATE >= R -> asleep = asleep | 4; waiting[2] = waiting[2] | 4 };
     if
     :: atomic { entry_closed -> break }
     :: atomic { !entry_closed && i - GATE < R -> skip }
     :: atomic { !entry_closed && i - GATE >= R -> skip }; (asleep & 4) == 0
     fi
#endif
  :: atomic { entry_closed -> break }
  :: atomic { i == N -> break }
  od
}

/* ---- runner::apply, plan_board::post, crew::hire */
#ifdef SHARDED
#define FUSED  7
#define SPLIT  (5 | 2 << L)
#else
#define FUSED  3
#define SPLIT  (1 | 2 << L)
#endif
inline choose(p) {
  if
  :: p = FUSED << L             /* all by worker 1 */
#if defined(FEW)
  :: p = SPLIT
#else
  :: p = FUSED                  /* all by worker 0 */
#ifdef SHARDED
  :: p = 5 | 2 << L             /* the stage of two lanes in two hands */
  :: p = 1 | 6 << L
  :: p = 3 | 4 << L
  :: p = 4 | 3 << L
#else
  :: p = 1 | 2 << L
  :: p = 2 | 1 << L
#endif
#endif
  fi
}
#if K > 0
proctype poster() {
  byte k, next, concerned, w;
  do
  :: atomic {
       k < K && !locked ->
       locked = true; k++;
       if :: life >= STOPPING -> locked = false; break :: else fi;
       choose(next)
     };
     atomic {                                 /* employ */
       do
       :: w < 2 && GIVEN(next, w) != 0 && (aboard & BIT(w)) == 0 ->
          assert(!mail[w]); members++; mail[w] = true; aboard = aboard | BIT(w) AND_ALERT(BIT(w)); w++
       :: w < 2 && (GIVEN(next, w) == 0 || (aboard & BIT(w)) != 0) -> w++
       :: w == 2 -> w = 0; break
       od
     };
     atomic {
       concerned = DIFFER(plan, next, 0) | DIFFER(plan, next, 1); plan = next; version++; locked = false; next = 0;
     }
#if defined(PARK) && !defined(BUG_POST)
     ; atomic { asleep = asleep & ~concerned; concerned = 0 }
#endif
  :: break
  od;
  posted_all = true
}
#endif

/* ---- runner::finish, stop, ~runner; crew::~crew */
#define PASSED(l)   (at[l] == end && st[l] == end)
inline check_end() {
  assert(life == OVER && closed == ALL && stopped_lanes == ALL && inside == 0);
  assert(was_stopped || (PASSED(0) && PASSED(1) && PASSED(L - 1) && end == pub))
}
#define EMPLOYED    ((GIVEN(plan, 0) != 0 -> 1 : 0) | (GIVEN(plan, 1) != 0 -> 2 : 0))
proctype ender() {
#ifdef QUIET
  /* Nobody ends it. Who sleeps now may sleep for ever, if all is done and everybody knows the last plan. */
  posted_all && GATE == N && aboard == EMPLOYED
#else
  if
  :: atomic { GATE == N -> goto drain }       /* runner::flush, after the last event */
#if END > 0
  :: atomic { true -> goto drain }
  :: atomic { true -> goto stop }
#endif
  fi;
drain:
  atomic { entry_closed = true; end = pub; life = DRAINING } AND_ALERT(7);
#if END == 1
  goto wait;
#elif END > 1
  if :: goto wait :: goto stop fi;
#endif
#if END > 0
stop:
  atomic {
    if :: life < STOPPING -> entry_closed = true; was_stopped = true; life = STOPPING :: else fi
  } AND_ALERT(7);
wait:
#endif
  atomic { members == 0 -> check_end() };
  /* A runner is not destroyed during an apply(). */
  atomic { posted_all && members == 0 -> check_end(); assert(held == 0); go_home = true } AND_ALERT(7);
  finished = true
#endif
}

init {
  atomic {
#ifdef OVERLAP
    plan = ALL | ALL << L;                    /* both want all */
#elif defined(FEW)
    plan = FUSED;
#else
    if :: plan = FUSED :: plan = SPLIT fi;    /* the others are the same with the workers exchanged */
#endif
    aboard = EMPLOYED; mail[0] = GIVEN(plan, 0) != 0; mail[1] = GIVEN(plan, 1) != 0; members = mail[0] + mail[1];
    run worker(0); run worker(1); run producer(); run ender();
#if K > 0
    run poster()
#else
    posted_all = true
#endif
  }
}
#ifdef LIVENESS
active proctype world() { do :: d_step { skip; skip } od }     /* goes on, whoever sleeps: that all others are blocked is a cycle too */
#endif
#if defined(SETTLES)
ltl settles { <> [] ((has[0] & ~GIVEN(plan, 0)) == 0 && (has[1] & ~GIVEN(plan, 1)) == 0) }
#elif defined(PARK) && defined(QUIET)
ltl rests { <> [] (resting == 3) }
ltl arrives { <> (GATE == N) }
#elif defined(QUIET)
ltl arrives { <> (GATE == N) }
#else
ltl ends { <> finished }
#endif
