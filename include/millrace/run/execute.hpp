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

/// Runs the events [from, to), and says in `at` how far each stage has come. Ends early when a handler throws or the source ends.
template <typename Segment>
void execute(line<Segment>& work, body_list<Segment> const& list, std::array<sequence, Segment::stages>& at, sequence from, sequence to) noexcept {
  if (list.parts == 1) [[likely]] {
    settle(work, list, 0, at, list.part[0](work, from, to));
    return;
  }
  auto const more = work.more;
  for (auto q = from; q < to && !work.failed && !work.ended;) {
    auto end = to - q < block_of<Segment> ? to : q + block_of<Segment>;
    for (std::size_t p = 0; p < list.parts && !work.failed; ++p) {
      work.more = more || end != to;
      auto const done = list.part[p](work, q, end);
      settle(work, list, p, at, done);
      if (work.ended) end = done;
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
    at[s] = body_table<Segment>::single(s)(work, from, to);
    if (work.ended) to = at[s];
    auto const now = Platform::now();
    if (to != from) took(s, to - from, now - begin);
    begin = now;
  }
  return to;
}

}  // namespace millrace
