// SPDX-License-Identifier: MIT
// What a plan costs: stages, workers and distances as numbers, and the price of a plan on them. No threads, no clock.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/plan/plan.hpp>

namespace millrace::scheduling {

inline constexpr double unbounded = std::numeric_limits<double>::infinity();
/// In place of the number of a worker.
inline constexpr std::size_t nobody = ~std::size_t{0};
inline constexpr std::size_t most_stages = 64;  // sets of stages are masks

[[nodiscard]] constexpr auto least(double a, double b) noexcept -> double { return b < a ? b : a; }
[[nodiscard]] constexpr auto most(double a, double b) noexcept -> double { return a < b ? b : a; }
[[nodiscard]] constexpr auto within(double x, double low, double high) noexcept -> double { return most(low, least(x, high)); }
[[nodiscard]] constexpr auto bit(std::size_t i) noexcept -> std::uint64_t { return std::uint64_t{1} << i; }

/// How the events of a stage are dealt to its lanes. Stages that are dealt alike may share a split: a worker then has the same events
/// of both.
enum class dealing : std::uint32_t {
  serial = 0,    // one lane: a serial stage, or one that expands
  by_place = 1,  // 64 lanes, by the place in the ring
  by_key = 2,    // 64 lanes, by a key; by_key + k for further keys
};

/// A stage as the scheduler knows it: what it costs, and what its user allows.
struct stage_model {
  double work = 0;         ///< useful nanoseconds for each event that comes in
  double selectivity = 1;  ///< events passed on for each that comes in: below 1 a filter, above 1 an expander
  dealing dealt = dealing::serial;
  std::uint64_t after = 0;                      ///< the stages it reads, as bits; 0: the one before it, the first reads the producer
  std::uint64_t together = 0, apart = 0;        ///< stages that share its worker, and that must not
  std::size_t most_workers = most_lanes;        ///< 1 forbids to share it
  std::size_t pinned = nobody;                  ///< the only worker that may run it
  std::vector<double> lane_shares{};            ///< of its events, for each of 64 lanes; empty: even
  bool levels = false;                          ///< its workers share its lanes out themselves, by claims: only who they are matters
  double crowding = 0;                          ///< on r workers an event takes 1 + crowding * (r - 1) times as long

  [[nodiscard]] auto shareable() const noexcept -> bool { return dealt != dealing::serial && most_workers > 1 && pinned == nobody; }
  [[nodiscard]] auto lanes() const noexcept -> lane_mask { return dealt == dealing::serial ? lane_mask{1} : ~lane_mask{0}; }
  /// The share of its events that are in these lanes.
  [[nodiscard]] auto share(lane_mask mask) const noexcept -> double {
    if (dealt == dealing::serial) return (mask & 1) != 0 ? 1 : 0;
    if (lane_shares.size() != most_lanes) return static_cast<double>(std::popcount(mask)) / most_lanes;
    double sum = 0;
    for (; mask != 0; mask &= mask - 1) sum += lane_shares[static_cast<std::size_t>(std::countr_zero(mask))];
    return sum;
  }
  /// The share of the busiest lane: no worker that has it can have less.
  [[nodiscard]] auto hottest() const noexcept -> double {
    if (dealt == dealing::serial) return 1;
    double h = 1.0 / most_lanes;
    for (double const s : lane_shares) h = most(h, s);
    return h;
  }
};
using stage_models = std::vector<stage_model>;

/// What it costs that an event comes to another core, in nanoseconds per event.
struct hand_over {
  double hop = 0;    ///< it enters a worker
  double share = 0;  ///< and the stage it enters is split over several workers: its lines and the cursors travel between them
  /// What of that a stage pays whose workers claim runs of neighbours: whole lines travel, and not for each event.
  static constexpr double of_claims = 0.3;
  [[nodiscard]] constexpr auto share_of(bool claims) const noexcept -> double { return claims ? of_claims * share : share; }
};
/// From a measured round trip of one cache line between two cores. A batch pays one trip; of the lines of its events the hardware
/// fetches many at once, unless they are split: then each is waited for.
[[nodiscard]] constexpr auto hand_over_at(double round_trip_ns, double batch, double event_bytes = 64) noexcept -> hand_over {
  auto const lines = most(1, event_bytes / 64);
  return {round_trip_ns * (1 / most(batch, 1) + lines / 80), round_trip_ns * lines * 0.27};
}

/// The workers and their cores, in the order in which neighbours are near each other.
struct machine_model {
  std::vector<double> able{};          ///< for each worker, the share of its core that it gets: 0 .. 1
  std::vector<std::uint32_t> cache{};  ///< for each worker, which of the caches that cores share its core has; empty: one for all
  hand_over near{3, 32}, far{12, 105};
  std::size_t producer = nobody;  ///< the worker that has the producer's core, if that may run stages; nobody: somewhere else
  double produce = 0;             ///< nanoseconds of the producer for each event

  [[nodiscard]] auto workers() const noexcept -> std::size_t { return able.size(); }
  [[nodiscard]] auto cache_of(std::size_t w) const noexcept -> std::size_t { return w < cache.size() ? cache[w] : 0; }
  [[nodiscard]] auto caches() const noexcept -> std::size_t {
    std::size_t n = 1;
    for (auto const c : cache)
      if (c >= n) n = c + 1;
    return n;
  }
};

/// Which cores share a cache, by the round trips measured between them (row by row, workers * workers, in nanoseconds): those that are
/// nearer than the geometric mean of the nearest and the farthest pair. Sets `cache`, `near` and `far` of the model.
MILLRACE_COLD inline void measure_distances(machine_model& m, std::vector<double> const& round_trips, double batch, double event_bytes = 64) {
  auto const n = m.workers();
  double nearest = unbounded, farthest = 0;
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b)
      if (a != b) nearest = least(nearest, round_trips[a * n + b]), farthest = most(farthest, round_trips[a * n + b]);
  m.cache.assign(n, 0);
  if (n < 2) return;
  bool const one = farthest < 2 * nearest;  // what differs less is noise, or not worth a boundary
  double near_sum = 0, far_sum = 0, near_count = 0, far_count = 0;
  std::uint32_t next = 0;
  for (std::size_t a = 0; a < n; ++a) {
    std::size_t like = 0;
    while (like < a && !(one || round_trips[a * n + like] * round_trips[a * n + like] < nearest * farthest)) ++like;
    m.cache[a] = like < a ? m.cache[like] : next++;
    for (std::size_t b = 0; b < a; ++b)
      if (m.cache[a] == m.cache[b]) near_sum += round_trips[a * n + b], near_count += 1;
      else far_sum += round_trips[a * n + b], far_count += 1;
  }
  m.near = hand_over_at(near_count > 0 ? near_sum / near_count : nearest, batch, event_bytes);
  m.far = hand_over_at(far_count > 0 ? far_sum / far_count : farthest, batch, event_bytes);
}

/// The stages that stage `i` reads.
[[nodiscard]] inline auto read_by(stage_models const& s, std::size_t i) noexcept -> std::uint64_t {
  return s[i].after != 0 ? s[i].after : i == 0 ? 0 : bit(i - 1);
}
/// For each stage, how many events come in for each of the producer's. Where branches meet it is what the narrowest lets through.
[[nodiscard]] MILLRACE_COLD inline auto visits(stage_models const& s) -> std::vector<double> {
  std::vector<double> v(s.size(), 1.0);
  for (std::size_t i = 0; i < s.size(); ++i) {
    auto read = read_by(s, i);
    if (read == 0) continue;
    v[i] = unbounded;
    for (; read != 0; read &= read - 1) {
      auto const p = static_cast<std::size_t>(std::countr_zero(read));
      v[i] = least(v[i], v[p] * s[p].selectivity);
    }
  }
  return v;
}

/// What a plan makes its workers do, in nanoseconds for each event of the producer.
struct prices {
  std::vector<double> cell{};       ///< [worker * stages + stage], hand-over included
  std::vector<double> load{};       ///< [worker]: the sum, with the producer's own work where it shares the core
  std::vector<double> surcharge{};  ///< [stage]: over the bare work, all workers together
};

/// The price of a plan: useful work, hand-over between cores that are near and far, crowding.
/// Costs      stages * (workers + stages).
[[nodiscard]] MILLRACE_COLD inline auto price(stage_models const& s, machine_model const& m, plan const& p) -> prices {
  auto const n = s.size(), workers = p.workers(), caches = m.caches();
  prices c{std::vector<double>(n * workers), std::vector<double>(workers), std::vector<double>(n)};
  auto const v = visits(s);
  std::vector<double> part(n * workers), in_cache(n * caches);
  std::vector<std::uint64_t> layout(n, 0xcbf29ce484222325U);  // equal if two stages are split alike
  std::vector<std::size_t> degree(n, 0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t w = 0; w < workers; ++w) {
      auto const mask = p.lanes(w, i);
      if (mask == 0) continue;
      auto const x = s[i].share(mask);
      part[i * workers + w] = x;
      in_cache[i * caches + m.cache_of(w)] += x;
      ++degree[i];
    }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t w = 0; w < workers; ++w)
      if (auto const mask = degree[i] == 1 && p.lanes(w, i) != 0 ? ~lane_mask{0} : p.lanes(w, i); mask != 0)
        layout[i] = (layout[i] ^ mask ^ (std::uint64_t{w} << 7)) * 0x9e3779b97f4a7c15U, layout[i] ^= layout[i] >> 29;
  auto const alike = [&](std::size_t a, std::size_t b) { return layout[a] == layout[b] && (degree[a] < 2 || s[a].dealt == s[b].dealt); };

  for (std::size_t i = 0; i < n; ++i) {
    bool const split = degree[i] > 1;
    bool arrives = false;  // from other workers
    std::uint64_t from = 0;
    for (auto read = read_by(s, i); read != 0; read &= read - 1) {
      auto const q = static_cast<std::size_t>(std::countr_zero(read));
      bool here = alike(q, i);
      for (std::size_t j = 0; j < i && !here; ++j) here = (read_by(s, j) >> q & 1) != 0 && alike(j, i);
      if (!here) from |= bit(q), arrives = true;
    }
    bool const first = read_by(s, i) == 0;
    if (first) {
      arrives = true;
      for (std::size_t j = 0; j < i; ++j) arrives = arrives && !(read_by(s, j) == 0 && alike(j, i));
    }
    for (std::size_t w = 0; w < workers; ++w) {
      auto const x = part[i * workers + w];
      if (p.lanes(w, i) == 0) continue;
      auto const cache = m.cache_of(w);
      double extra = 0;
      for (auto read = from; read != 0; read &= read - 1) {
        auto const q = static_cast<std::size_t>(std::countr_zero(read));
        auto const own = part[q * workers + w], beside = in_cache[q * caches + cache];
        extra += most(beside - own, 0) * m.near.hop + most(1 - beside, 0) * m.far.hop;
      }
      if (first && arrives && m.producer != nobody && m.producer != w) extra += m.cache_of(m.producer) == cache ? m.near.hop : m.far.hop;
      if (split && arrives) extra += in_cache[i * caches + cache] * m.near.share_of(s[i].levels) + most(1 - in_cache[i * caches + cache], 0) * m.far.share_of(s[i].levels);
      auto const work = s[i].work * (1 + s[i].crowding * static_cast<double>(degree[i] - 1));
      c.cell[w * n + i] = x * v[i] * (work + extra);
      c.surcharge[i] += x * v[i] * (work + extra - s[i].work);
      c.load[w] += c.cell[w * n + i];
    }
  }
  if (m.producer < workers) c.load[m.producer] += m.produce;
  return c;
}

/// The producer's events per nanosecond that a plan can carry.
[[nodiscard]] MILLRACE_COLD inline auto rate_of(stage_models const& s, machine_model const& m, plan const& p) -> double {
  auto const c = price(s, m, p);
  double x = m.produce > 0 ? 1 / m.produce : unbounded;
  for (std::size_t w = 0; w < p.workers(); ++w)
    if (c.load[w] > 0) x = least(x, m.able[w] / c.load[w]);
  return x;
}

/// No plan can be faster: all cores busy with nothing but useful work, no stage beyond what its busiest lane allows.
[[nodiscard]] MILLRACE_COLD inline auto fluid_bound(stage_models const& s, double cores) -> double {
  auto const v = visits(s);
  double total = 0, widest = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    auto const w = s[i].work * v[i];
    total += w;
    widest = most(widest, w * (s[i].shareable() ? most(s[i].hottest(), 1.0 / static_cast<double>(s[i].most_workers)) : 1));
  }
  return least(total > 0 ? cores / total : unbounded, widest > 0 ? 1 / widest : unbounded);
}

[[nodiscard]] inline auto employed(plan const& p) noexcept -> std::size_t {
  std::size_t n = 0;
  for (std::size_t w = 0; w < p.workers(); ++w) n += p.employs(w) ? 1U : 0U;
  return n;
}
[[nodiscard]] inline auto degree_of(plan const& p, std::size_t stage) noexcept -> std::size_t {
  std::size_t n = 0;
  for (std::size_t w = 0; w < p.workers(); ++w) n += p.lanes(w, stage) != 0 ? 1U : 0U;
  return n;
}

}  // namespace millrace::scheduling
