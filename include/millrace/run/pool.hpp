// SPDX-License-Identifier: MIT
// A stage without state whose lanes several workers want at once is a pool: each of them claims a few lanes for a moment, those that
// stand furthest behind, runs what lies there, puts them down, and claims the next. So whoever has time takes what is there, events
// may cost what they will, and a worker that leaves takes nothing with it. The mechanism is that of all lanes, a hold bit and a cursor.
//
// A lane has runs of neighbours (dealing), and between two of them nothing. So a lane that has done a run stands at the next one:
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

/// What one worker knows of a pool.
class pool_view {
 public:
  /// With so many others; 0: it is no pool. `reached`: all before is done.
  void open(std::size_t others, sequence reached, dealing dealt) noexcept { dealt_ = dealt, others_ = others, floor_ = dealt_.run_begin(reached), idle_at_ = -1; }
  [[nodiscard]] auto lane_of(sequence q) const noexcept -> std::size_t { return dealt_.lane_of(q); }
  [[nodiscard]] auto shared() const noexcept -> bool { return others_ != 0; }
  /// How many of the events up to `limit` it may take, of `most` that it wants: half of its share, so that at the end nobody has much
  /// more left than others; but a run, if it wants that many.
  [[nodiscard]] auto share(sequence limit, std::int64_t most) const noexcept -> std::int64_t {
    auto const half = (limit - floor_) / static_cast<std::int64_t>(2 * (others_ + 1));
    if (most <= dealt_.together() || half >= most) return most;
    return half < dealt_.together() ? dealt_.together() : half;
  }
  /// The next claim, of `wanted` lanes that nobody holds: whole runs, or a part of the first one.
  template <typename Platform>
  [[nodiscard]] auto choose(lanes<Platform> const& stage, lane_mask wanted, sequence limit, std::int64_t most) noexcept -> pool_claim {
    if (limit == idle_at_) return {};
    auto const free = wanted & ~stage.held();
    for (std::size_t i = 0; i < lane_count && floor_ + dealt_.together() <= limit && stage.at(dealt_.lane_of(floor_)) >= floor_ + dealt_.together(); ++i) floor_ += dealt_.together();
    if (auto const c = walk(stage, free, floor_, limit, most); c.lanes != 0) return c;
    auto const least = stage.reached(free);  // some lane that others hold is far behind, or nothing is there
    if (least >= limit) {
      if (free == wanted) idle_at_ = limit;
      return {};
    }
    floor_ = dealt_.run_begin(stage.reached());
    if (auto const c = walk(stage, free, dealt_.run_begin(least), limit, most); c.lanes != 0) return c;
    pool_claim lagging{0, limit, limit, 0};
    for (std::size_t l = 0; l < lane_count; ++l)
      if (auto const at = stage.at(l); (free >> l & 1) != 0 && at < limit && dealt_.next_of_lane(l, at) >= limit) lagging.lanes |= lane_mask{1} << l;
    return lagging;
  }
  /// What is left of a claim of which the lanes `got` were taken: somebody else may have had one in between.
  template <typename Platform>
  [[nodiscard]] auto sure(lanes<Platform> const& stage, pool_claim const& wanted, lane_mask got) const noexcept -> pool_claim {
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
  void settle(lanes<Platform>& stage, pool_claim const& c, sequence done) const noexcept {
    each_run(c, c.lanes, [&](sequence q, sequence, std::size_t l) {
      if (done > q) stage.advance(lane_mask{1} << l, done < q + dealt_.together() ? done : q + dealt_.lap());
    });
  }
  /// Moves lanes that stand where they have nothing to their next event.
  template <typename Platform>
  void move_on(lanes<Platform>& stage, lane_mask mine) const noexcept {
    for (std::size_t l = 0; l < lane_count; ++l)
      if ((mine >> l & 1) != 0) stage.advance(lane_mask{1} << l, dealt_.next_of_lane(l, stage.at(l)));
  }

 private:
  template <typename F>
  void each_run(pool_claim const& c, lane_mask mine, F f) const {
    for (auto q = dealt_.run_begin(c.from); q < c.to; q += dealt_.together())
      if (auto const l = dealt_.lane_of(q); ((mine & c.lanes) >> l & 1) != 0) f(q, q + dealt_.together() < c.to ? q + dealt_.together() : c.to, l);
  }
  /// In the lap that begins at `first`: nothing before it is to be done by these lanes.
  template <typename Platform>
  [[nodiscard]] auto walk(lanes<Platform> const& stage, lane_mask free, sequence first, sequence limit, std::int64_t most) const noexcept -> pool_claim {
    pool_claim c;
    auto const end = first + dealt_.lap() < limit ? first + dealt_.lap() : limit;
    for (auto q = first; q < end && c.events < most; q += dealt_.together()) {
      auto const l = dealt_.lane_of(q);
      if ((free >> l & 1) == 0) continue;
      auto const stop = q + dealt_.together() < limit ? q + dealt_.together() : limit;
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

  dealing dealt_;
  std::size_t others_ = 0;
  sequence floor_ = 0;     // all before is done
  sequence idle_at_ = -1;  // so far all lanes had come when there was no more
};

}  // namespace millrace
