// SPDX-License-Identifier: MIT
// What one worker keeps of one runner: the lanes it holds, where they stand, how long things took.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <millrace/base/cache_line.hpp>
#include <millrace/run/pool.hpp>
#include <millrace/stage/table.hpp>
#include <millrace/sync/back_off.hpp>
#include <millrace/sync/lanes.hpp>
#include <millrace/sync/tally.hpp>

namespace millrace {

/// A run of adjacent stages [from, to) that stand at one position: how to drive them. Kept until the run changes.
template <typename Segment>
struct stage_run {
  std::size_t from = 0, to = 0;
  body_list<Segment> list;
  std::uint64_t upstream = 0;    // stages outside the run that it waits for
  bool from_producer = false;    // it waits for the producer too
  bool alone = false;            // a whole pipeline with its own source: its events never lie in the ring
  sequence known = 0;            // how far it may run, as last seen: looking disturbs whoever is in front
};

/// How many events to take at a time, so that a batch lasts about 50 us: its worker cannot put lanes down before.
class pace {
 public:
  static constexpr std::int64_t fraction = 1024;  // costs are kept in these parts of a nanosecond
  static constexpr std::int64_t batch_ns = 50'000;
  static constexpr std::int64_t sure_after_events = 2048, sure_after_batches = 16, worth_timing_ns = 2'000;

  /// The next batch has `n` events: is it to be timed? Often enough to know, seldom enough to cost nothing (two looks at the
  /// clock are 50 ns).
  [[nodiscard]] auto timed(std::int64_t n) noexcept -> bool {
    events_ += n;
    ++batches_;
    return events_ >= sure_after_events || batches_ >= sure_after_batches || (ns_ >= worth_timing_ns * fraction / sure_after_events && n * ns_ >= worth_timing_ns * fraction);
  }
  /// Of the events that were counted so many were not done: the next ring was full.
  void not_done(std::int64_t n) noexcept { events_ -= n; }
  /// A timed batch of `n` events lasted `ns`. Says how many times as many events it stands for.
  auto took(std::int64_t n, std::int64_t ns) noexcept -> double {
    auto const measured = ns * fraction / n;
    ns_ = measured < ns_ ? (ns_ + measured) / 2 : measured;  // slower at once, faster by halves: one slow batch is not a trend
    most_ = ns_ >= batch_ns * fraction ? 1 : batch_ns * fraction / (ns_ + 1);
    auto const stands_for = static_cast<double>(events_) / static_cast<double>(n);
    events_ = batches_ = 0;
    return stands_for;
  }
  /// The length of the next batch, of which `limit` are there. A brief one is a sixteenth of that: its worker waits for lanes.
  [[nodiscard]] auto most(std::int64_t limit, bool brief = false) const noexcept -> std::int64_t {
    auto const most = brief ? (most_ + 15) / 16 : most_;
    return most < limit ? most : limit;
  }

 private:
  std::int64_t ns_ = batch_ns * fraction;  // per event, in such parts; at first unknown: begin with one event
  std::int64_t most_ = 1;
  std::int64_t events_ = 0, batches_ = 0;
};

/// What a stage costs by itself, per event: the mean of all events that were looked at, until each look counts for a fourth. The first one
/// finds a single event and cold caches: it is not to count as much as the next, of a hundred.
class stage_cost {
 public:
  void looked(std::int64_t n, std::int64_t ns) noexcept {
    auto const each = ns * pace::fraction / n;
    seen_ += n;
    each_ += n * 4 > seen_ ? (each - each_) * n / seen_ : (each - each_) / 4;
  }
  /// In such parts as pace has them; 0: not known.
  [[nodiscard]] auto each() const noexcept -> std::int64_t { return seen_ == 0 ? 0 : each_ + 1; }
  /// Whether the k-th timed batch is to be looked at: often at first, then one in 64.
  [[nodiscard]] static constexpr auto due(std::uint32_t k) noexcept -> bool { return (k & (k - 1)) == 0 || k % 64 == 0; }

 private:
  std::int64_t each_ = 0, seen_ = 0;
};

/// Where the lanes of a shared stage stand that a worker holds.
struct lane_positions {
  std::array<sequence, most_lanes> at{};
  bool whole = false;  // it holds all of them, at one position: then the stage is driven like a serial one

  /// The lowest of the lanes `held`, where they stand, and where the next of them stands.
  struct group {
    lane_mask lanes;
    sequence at, next;
  };
  [[nodiscard]] auto lowest(lane_mask held) const noexcept -> group {
    group g{0, sequence_limit, sequence_limit};
    for (auto m = held; m != 0; m &= m - 1) {
      auto const l = static_cast<std::size_t>(std::countr_zero(m));
      if (at[l] < g.at) g = {lane_mask{1} << l, at[l], g.at};
      else if (at[l] == g.at) g.lanes |= lane_mask{1} << l;
      else if (at[l] < g.next) g.next = at[l];
    }
    return g;
  }
  void move(lane_mask lanes, sequence to) noexcept {
    for (; lanes != 0; lanes &= lanes - 1) at[static_cast<std::size_t>(std::countr_zero(lanes))] = to;
  }
};

template <typename Segment, typename Platform>
struct alignas(cache_line_size) seat {
  static constexpr std::size_t stages = Segment::stages;

  sequence version = -1;  // of the plan that `wanted` is from
  bool missing = false;   // it wants lanes that it does not hold
  bool brief = false;     // it did at the beginning of this turn: then what it takes at last is not kept waiting by what it has
  bool waits_at_gate = false;  // asleep: room wakes it, for events that wait beside the ring
  std::uint64_t waits_elsewhere = 0;  // asleep: room in another runner wakes it, for these stages
  std::array<lane_mask, stages> wanted{}, held{};
  std::uint64_t asked = 0;  // lying down: stages of which it has seen a lane held that it wants, and will hear when it is put down
  std::array<sequence, stages> at{};              // of a held stage: its cursor
  std::array<lane_positions, Segment::any_shared ? stages : 0> lanes{};  // of a shared stage
  std::array<pool_view, Segment::any_pools ? stages : 0> pools{};       // of a stage without state
  std::size_t members = 1;                        // of the largest pool that it is in
  bool apart = true;                              // in a row of pools one may be further than the one behind it
  std::array<sequence, Segment::any_keyed ? stages : 0> cut{};           // of a stage that is shared by key: no further, see halt.hpp
  bool halting = false;                                                 // some stage has one
  std::array<stage_run<Segment>, stages> runs{};  // by first stage
  sequence spell = 0;                             // of being watched, for which they are made
  body_choice<Segment> const* bodies = &body_table<Segment>::choice;  // of which
  std::array<pace, stages> paces{};               // by first stage
  std::array<stage_cost, stages> cost{};          // of a stage by itself
  std::array<std::int64_t, Segment::has_retries ? stages : 0> again_at{};  // of a stage that tries an event again: not before this time
  std::uint32_t timed_batches = 0;
  back_off<Platform> lazy;
  line<Segment> work{};

  /// Others want lanes of the stage that this worker wants: it holds none but for the time of a claim.
  [[nodiscard]] auto pooled([[maybe_unused]] std::size_t s) const noexcept -> bool {
    if constexpr (Segment::any_pools) return Segment::pools(s) && pools[s].shared();
    else return false;
  }
  /// The stage goes no further than this; sequence_limit: as far as there are events.
  [[nodiscard]] auto cut_of([[maybe_unused]] std::size_t s) const noexcept -> sequence {
    if constexpr (Segment::any_keyed) return cut[s];
    else return sequence_limit;
  }
  [[nodiscard]] auto halted(std::size_t s) const noexcept -> bool { return cut_of(s) != sequence_limit; }

  // For metrics: counted by this worker, read by anybody.
  std::array<tally<Platform>, stages> useful_ns, batches;
  std::array<tally<Platform>, Segment::forgives ? stages : 0> failures;
  tally<Platform> empty_looks, full_looks;  // looks that found no event; no room
  tally<Platform> depth_sum, depth_samples, depth_max;
};

}  // namespace millrace
