// SPDX-License-Identifier: MIT
// A stage without state whose lanes several workers want at once is a pool: each of them claims a few lanes for a moment, those that
// stand furthest behind, runs what lies there, puts them down, and claims the next. So whoever has time takes what is there, events
// may cost what they will, and a worker that leaves takes nothing with it. The mechanism is that of all lanes, a hold bit and a cursor.
//
// A lane has runs of neighbours (lane_of_place), and between two of them nothing. So a lane that has done a run stands at the next one:
// what follows waits for the least of the cursors, which then is the first event that is not done. Lanes that come from elsewhere may
// stand where they have nothing: those are moved on.
#pragma once
#include <cstddef>
#include <cstdint>

#include <millrace/base/sequence.hpp>
#include <millrace/stage/sharding.hpp>
#include <millrace/sync/lanes.hpp>

namespace millrace {

/// What somebody may take next: the runs of these lanes within [from, to), of which each has at most one there.
struct pool_claim {
  lane_mask lanes = 0;
  sequence from = 0, to = 0;
  std::int64_t events = 0;  // 0: nothing to run, the lanes are only to be moved on
};

/// One lap of all lanes.
inline constexpr sequence lap_of_lanes = static_cast<sequence>(lane_count) * dealt_together;
constexpr auto run_begin(sequence q) noexcept -> sequence { return q - q % dealt_together; }
/// The next event of lane l that is not below `at`.
constexpr auto next_of_lane(std::size_t l, sequence at) noexcept -> sequence {
  if (lane_of_place(at) == l) return at;
  auto q = run_begin(at) + dealt_together;
  while (lane_of_place(q) != l) q += dealt_together;
  return q;
}
/// Behind the last event of lane l that is below `at`; 0 if there is none.
constexpr auto behind_last_of_lane(std::size_t l, sequence at) noexcept -> sequence {
  if (lane_of_place(at) == l && at % dealt_together != 0) return at;
  auto q = run_begin(at + dealt_together - 1);
  for (auto const least = q - lap_of_lanes; q > least; q -= dealt_together)
    if (q >= dealt_together && lane_of_place(q - dealt_together) == l) return q;
  return 0;
}

/// What one worker knows of a pool.
class pool_view {
 public:
  /// With so many others; 0: it is no pool. `reached`: all before is done.
  void open(std::size_t others, sequence reached) noexcept { others_ = others, floor_ = run_begin(reached), idle_at_ = -1; }
  [[nodiscard]] auto shared() const noexcept -> bool { return others_ != 0; }
  /// How many of the events up to `limit` it may take, of `most` that it wants: half of its share, so that at the end nobody has much
  /// more left than others; but a run, if it wants that many.
  [[nodiscard]] auto share(sequence limit, std::int64_t most) const noexcept -> std::int64_t {
    auto const half = (limit - floor_) / static_cast<std::int64_t>(2 * (others_ + 1));
    if (most <= dealt_together || half >= most) return most;
    return half < dealt_together ? dealt_together : half;
  }
  /// The next claim, of `wanted` lanes that nobody holds: whole runs, or a part of the first one.
  template <typename Platform>
  [[nodiscard]] auto choose(lanes<Platform> const& stage, lane_mask wanted, sequence limit, std::int64_t most) noexcept -> pool_claim {
    if (limit == idle_at_) return {};
    auto const free = wanted & ~stage.held();
    for (std::size_t i = 0; i < lane_count && floor_ + dealt_together <= limit && stage.at(lane_of_place(floor_)) >= floor_ + dealt_together; ++i) floor_ += dealt_together;
    if (auto const c = walk(stage, free, floor_, limit, most); c.lanes != 0) return c;
    auto const least = stage.reached(free);  // some lane that others hold is far behind, or nothing is there
    if (least >= limit) {
      if (free == wanted) idle_at_ = limit;
      return {};
    }
    floor_ = run_begin(stage.reached());
    if (auto const c = walk(stage, free, run_begin(least), limit, most); c.lanes != 0) return c;
    pool_claim lagging{0, limit, limit, 0};
    for (std::size_t l = 0; l < lane_count; ++l)
      if (auto const at = stage.at(l); (free >> l & 1) != 0 && at < limit && next_of_lane(l, at) >= limit) lagging.lanes |= lane_mask{1} << l;
    return lagging;
  }
  /// What is left of a claim of which the lanes `got` were taken: somebody else may have had one in between.
  template <typename Platform>
  [[nodiscard]] static auto sure(lanes<Platform> const& stage, pool_claim const& wanted, lane_mask got) noexcept -> pool_claim {
    pool_claim c{0, wanted.from, wanted.to, 0};
    each_run(wanted, got, [&](sequence q, sequence end, std::size_t l) {
      auto const begin = q < c.from ? c.from : q;
      if (stage.at(l) > begin) return;
      c.lanes |= lane_mask{1} << l;
      c.events += end - begin;
    });
    return c;
  }
  /// The claim has been run up to `done`.
  template <typename Platform>
  static void settle(lanes<Platform>& stage, pool_claim const& c, sequence done) noexcept {
    each_run(c, c.lanes, [&](sequence q, sequence, std::size_t l) {
      if (done > q) stage.advance(lane_mask{1} << l, done < q + dealt_together ? done : q + lap_of_lanes);
    });
  }
  /// Moves lanes that stand where they have nothing to their next event.
  template <typename Platform>
  static void move_on(lanes<Platform>& stage, lane_mask mine) noexcept {
    for (std::size_t l = 0; l < lane_count; ++l)
      if ((mine >> l & 1) != 0) stage.advance(lane_mask{1} << l, next_of_lane(l, stage.at(l)));
  }

 private:
  template <typename F>
  static void each_run(pool_claim const& c, lane_mask mine, F f) {
    for (auto q = run_begin(c.from); q < c.to; q += dealt_together)
      if (auto const l = lane_of_place(q); ((mine & c.lanes) >> l & 1) != 0) f(q, q + dealt_together < c.to ? q + dealt_together : c.to, l);
  }
  /// In the lap that begins at `first`: nothing before it is to be done by these lanes.
  template <typename Platform>
  [[nodiscard]] static auto walk(lanes<Platform> const& stage, lane_mask free, sequence first, sequence limit, std::int64_t most) noexcept -> pool_claim {
    pool_claim c;
    auto const end = first + lap_of_lanes < limit ? first + lap_of_lanes : limit;
    for (auto q = first; q < end && c.events < most; q += dealt_together) {
      auto const l = lane_of_place(q);
      if ((free >> l & 1) == 0) continue;
      auto const stop = q + dealt_together < limit ? q + dealt_together : limit;
      auto const at = stage.at(l);
      if (at >= stop) continue;
      auto const begin = at > q ? at : q;
      auto const n = stop - begin < most ? stop - begin : most;
      if (c.lanes != 0 && (begin != q || c.events + n > most)) break;  // somebody has begun it: that makes a claim of its own
      if (c.lanes == 0) c.from = begin;
      c.lanes |= lane_mask{1} << l;
      c.events += n;
      c.to = begin + n;
    }
    return c;
  }

  std::size_t others_ = 0;
  sequence floor_ = 0;     // all before is done
  sequence idle_at_ = -1;  // so far all lanes had come when there was no more
};

}  // namespace millrace
