// SPDX-License-Identifier: MIT
// What is drawn for one subject of a round, and how it is written.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

#include <millrace/sync/wait_policy.hpp>

#include "storm/dice.hpp"
#include "storm/keys.hpp"
#include "storm/subject.hpp"

namespace storm {

enum class ending : std::uint8_t { finish, finish_early, stop, flush, fail, destroy, within, stop_inside };
inline constexpr char const* ending_names[] = {"finish", "finish under way", "stop", "flush", "fail", "destroy", "finish within", "stop in a handler"};

struct drawn_wait {
  char const* name;
  millrace::wait_policy policy;
};
inline drawn_wait const waits[] = {{"default", {}},
                                   {"blocking", millrace::blocking},
                                   {"blocking_for", millrace::blocking_for(std::chrono::microseconds{300})},
                                   {"phased", millrace::phased(10, std::chrono::microseconds{5})},
                                   {"sleeping", millrace::sleeping},
                                   {"yielding", millrace::yielding},
                                   {"busy_spin", millrace::busy_spin}};

struct drawn {
  std::size_t which = 0;
  std::uint64_t events = 0;
  std::size_t producers = 1;             // that publish, of those the shape has
  std::size_t keys = 0;
  std::size_t capacity = 1, batch = 1, wait = 0;
  publishing how = publishing::one;
  std::size_t publish_most = 1;
  ending end = ending::finish;
  std::uint64_t end_at = 0;              // an event number
  std::size_t end_stage = 0;            // whose handler ends it
  bool paused = false;
  std::size_t changers = 1;
  std::uint64_t pause_us = 0;            // between changes, at most
  bool meddles = false;
  std::size_t meddler = 0;
  std::uint64_t meddles_every = 1;
  std::uint64_t seed = 0;                // of the plans and of the producer

  [[nodiscard]] auto text(shape const& of) const -> std::string {
    std::string t{of.name};
    auto const add = [&t](char const* what, std::uint64_t n) { t.append(", ").append(what).append(" ").append(std::to_string(n)); };
    add("events", events);
    add("capacity", capacity);
    add("batch", batch);
    t.append(", keys ").append(key_kinds[keys].name);
    if (producers > 1) add("producers", producers);
    t.append(", wait ").append(waits[wait].name);
    add("publish", static_cast<std::uint64_t>(how));
    add("up to", publish_most);
    t.append(", ending ").append(ending_names[static_cast<std::size_t>(end)]);
    add("at", end_at);
    if (end == ending::fail || end == ending::stop_inside) add("in stage", end_stage);
    if (paused) t.append(", paused start");
    add("changers", changers);
    add("pause us", pause_us);
    if (meddles) add("changed by stage", meddler), add("every", meddles_every);
    return t;
  }
};

/// `most` events at most, `pause_us` between changes at most.
inline auto draw(dice& d, std::size_t which, shape const& of, std::uint64_t most, std::uint64_t pause_us) -> drawn {
  drawn r;
  r.which = which;
  r.capacity = d.power(10);
  r.batch = d.one_in(3) ? d.between(1, 512) : d.power(9);
  constexpr std::size_t weights[] = {0, 0, 0, 0, 0, 1, 1, 2, 3, 3, 4, 5, 6};  // who wakes and sleeps has the most to lose
  r.wait = weights[d.below(std::size(weights))];
  r.pause_us = d.one_in(6) ? 0 : d.between(pause_us / 8, pause_us);  // 0: as fast as they can, for which events pay
  // A small ring costs a change of threads for some events, who spins or naps costs the others a slice of their time, and so does who
  // changes plans without a pause: as many events as take about as long.
  auto events = d.between(1, most);
  if (r.capacity < 256) events = events * r.capacity / 256;
  if (r.wait >= 4) events /= 32;
  if (waits[r.wait].policy.spins == UINT32_MAX && events > 500) events = 500;
  if (of.stages > 3) events /= of.stages;
  if (of.producers > 1) events /= 16;
  if (r.pause_us == 0) events /= 32;
  r.producers = d.between(1, of.producers);
  r.events = std::max<std::uint64_t>(events / r.producers, 1) * r.producers;
  r.keys = d.below(std::size(key_kinds));
  r.how = static_cast<publishing>(d.below(publishings));
  r.publish_most = d.one_in(4) ? r.capacity : d.between(1, r.capacity);
  r.end = static_cast<ending>(d.below(12) < 6 ? 0 : d.between(1, 7));
  r.end_at = d.below(r.events);
  r.end_stage = d.below(of.stages);
  r.paused = d.one_in(4);
  r.changers = d.one_in(3) ? 2 : 1;
  r.meddles = d.one_in(4);
  r.meddler = d.below(of.stages);
  r.meddles_every = d.power(6);
  r.seed = d.next();
  return r;
}

}  // namespace storm
