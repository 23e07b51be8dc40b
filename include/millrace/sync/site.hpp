// SPDX-License-Identifier: MIT
// Every place where a memory order stands has a name, so that a test can weaken it and see that something notices.
#pragma once
#include <cstdint>

namespace millrace {

enum class site : std::uint8_t {
  // one producer
  producer_publish,        // published: release
  producer_published,      // published: acquire
  // many producers
  room_publish,            // room that one producer has found: release
  room_read,               // and another one uses: acquire
  mark_set,                // a slot is published: release
  mark_read,               // mark of a slot: acquire
  // lanes
  lane_take,               // held: acquire
  lane_put,                // held: release
  lane_held,               // held: look without taking
  lane_advance,            // cursor: release
  lane_reached,            // cursor: acquire
  lane_raise,              // cursor of a stage that others move: only upwards
  // guests of a ring
  guests_enter,            // places taken: one more
  guests_leave,            // one less
  guests_look,             // places taken: acquire
  guest_advance,           // cursor: release
  guest_reached,           // cursor: acquire
  // acknowledgements
  ack_raise,               // how far: from any thread
  // waiters of a cursor
  waiters_add,             // mask: announce
  waiters_look,            // mask: the advancer's look
  waiters_clear,           // mask: who is to be woken
  waiters_close,           // mask: the closed bit
  // event count
  count_prepare,           // word: announce a sleeper
  count_notify,            // word: next epoch
  count_recheck,           // word: awake again
  // a number that only grows, published with a new meaning (plan version, life)
  version_publish,
  version_read,
  // things that happen once
  flags_raise,
  flags_read,
  // what there is once
  lent_out,
  lent_back,
  // news that somebody wants
  wanted_ask,
  wanted_take,
  // replies
  reply_put,               // a slot's token: who waits
  reply_take,              // and is taken out by whoever answers
  answer_settle,           // what becomes of a pooled answer: each bit against the others
  answer_read,             // is it there: acquire
  handshake_step,          // who starts, who ends and who stops something: each against the others
  free_push,               // a free one goes back
  free_pop,                // and is handed out again
  work_push,               // something to run, for the thread that drains
  work_grab,               // which takes all there is
  // barriers that a machine instruction or a system call provides
  light_barrier,
  heavy_barrier,
};

/// Places where a test may make something fail or be late.
enum class fault_site : std::uint8_t { claim, publish, handler, take, put, park, spawn };

}  // namespace millrace
