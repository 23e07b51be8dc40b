// SPDX-License-Identifier: MIT
// A run of stages over a range of events: by the bodies that the table composes, or stage by stage with a look at the clock.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include <millrace/stage/table.hpp>

namespace millrace {

/// Part p of the list has done everything below `done`: where its stages stand now.
template <typename Segment>
void settle(line<Segment> const& work, body_list<Segment> const& list, std::size_t p, std::array<sequence, Segment::stages>& at, sequence done) noexcept {
  for (std::size_t s = list.from[p]; s < list.from[p + 1]; ++s) at[s] = work.failed && s < work.failed_stage ? done + 1 : done;
}

/// Several bodies take turns block by block, so that a block stays in the first cache.
template <typename Segment>
inline constexpr sequence block_of = [] {
  auto const n = static_cast<sequence>(16'384 / (sizeof(typename Segment::event) + 16));
  return n < 64 ? 64 : n < 512 ? n : 512;
}();

/// Stages [i, j) one by one over events of which some have failed. Returns where the last of them stands.
template <typename Segment>
auto execute_carefully(line<Segment>& work, body_choice<Segment> const& choice, std::size_t i, std::size_t j, std::array<sequence, Segment::stages>& at, sequence from, sequence to) noexcept -> sequence {
  for (auto s = i; s < j; ++s) at[s] = from;
  for (auto s = i; s < j && !work.failed && to != from; ++s) to = at[s] = choice.careful(s)(work, from, to);
  return to;
}

/// Runs the events [from, to), and says in `at` how far each stage has come. Ends early when a handler throws, the source ends, or
/// a stage is blocked.
template <typename Segment>
void execute(line<Segment>& work, body_list<Segment> const& list, std::array<sequence, Segment::stages>& at, sequence from, sequence to, [[maybe_unused]] body_choice<Segment> const& choice = body_table<Segment>::choice) noexcept {
  auto const part = [&](std::size_t p, sequence q, sequence end) -> sequence {
    if constexpr (Segment::forgives)
      if (work.troubled > q && choice.careful(list.from[p]) != nullptr) [[unlikely]] return millrace::execute_carefully(work, choice, list.from[p], list.from[p + 1], at, q, end);
    auto const done = list.part[p](work, q, end);
    millrace::settle(work, list, p, at, done);
    return done;
  };
  if (list.parts == 1) [[likely]] {
    part(0, from, to);
    return;
  }
  auto const more = work.more;
  for (auto q = from; q < to && !work.failed && !work.ended && !work.blocked;) {
    auto end = to - q < block_of<Segment> ? to : q + block_of<Segment>;
    for (std::size_t p = 0; p < list.parts && !work.failed; ++p) {
      work.more = more || end != to;
      auto const done = part(p, q, end);
      if (work.ended || work.blocked) end = done;
    }
    q = end;
  }
  work.more = more;
}

/// The same for stages [i, j) one by one; `took(stage, events, nanoseconds)` hears of each. Returns where it stopped.
template <typename Platform, typename Segment, typename Took>
auto execute_singly(line<Segment>& work, std::size_t i, std::size_t j, std::array<sequence, Segment::stages>& at, sequence from, sequence to, Took took) noexcept -> sequence {
  auto begin = Platform::now();
  for (auto s = i; s < j; ++s) at[s] = from;
  for (auto s = i; s < j && !work.failed && to != from; ++s) {
    auto body = body_table<Segment>::single(s);
    if constexpr (Segment::forgives)
      if (work.troubled > from && body_table<Segment>::careful(s) != nullptr) body = body_table<Segment>::careful(s);
    at[s] = body(work, from, to);
    if (work.ended || work.blocked) to = at[s];
    auto const now = Platform::now();
    if (to != from) took(s, to - from, now - begin);
    begin = now;
  }
  return to;
}

}  // namespace millrace
