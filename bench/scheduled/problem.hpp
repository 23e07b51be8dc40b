// SPDX-License-Identifier: MIT
// Does a runner that finds its plan by itself carry as much as with the best plan that somebody could have chosen for it? Thirteen workloads on two
// workers, each a shape that programs have, because each asks the scheduler for something else:
//
//    1  three stages that do next to nothing  nothing is worth a second worker
//    2  three stages of 2 ns                   what a stage costs is little beside what a plan adds to it
//    3  five stages of 0.4 to 2 us             where to cut; the best halves are no neighbours
//    4  one of 1 us among four of 20 ns        a bottleneck that nobody can share: little is to be gained
//    5  the same without state                 it can be shared, by claims
//    6  a stage with a table of keys           it can be shared, by lanes of keys: how many for whom
//    7  a diamond, times by chance (CV 1)      branches beside each other, and a mean to be known
//    8  filters                                later stages see an eighth of the events
//    9  one event becomes four                 two rings
//   10  four stages of 1 us, CV 3              a mean that takes thousands of events to be known
//   11  24 stages of 10 to 60 ns               many places to cut at
//   12  a producer, 1.25 of what one carries   a load that needs two, from a third thread
//   13  a producer, a quarter of that          a load that needs one: what it costs in processor time
//
// In 1 to 11 the source is part of the pipeline and has always more. Stages hand numbers on; the last one looks at their order.
#pragma once

#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "support/burn.hpp"
#include "support/problem.hpp"

namespace bench::scheduled {

inline constexpr topology topic{.name = "scheduled",
                                .title = "the scheduler, settled, against the best static plan of two workers",
                                .order = 17,
                                .events = 1,
                                .few = 1,
                                .scales = false,
                                .quantities = {{{"throughput", "M events/s", true}, {"plan changes", "in a run", false, false}}},
                                .by_name = true};
inline constexpr std::int64_t capacity = 4096;

/// Numbers, until there are enough.
struct source {
  std::atomic<bool> const* enough;
  std::uint64_t next = 0;
  auto operator()() noexcept -> std::optional<std::uint64_t> {
    if ((next & 63) == 0 && enough->load(std::memory_order::relaxed)) return std::nullopt;  // a hint, orders nothing
    return next++;
  }
};

/// A stage that is over at once, inlined.
struct glimpse {
  auto operator()(std::uint64_t x) const noexcept -> std::uint64_t { return opaque(x); }
};
/// A stage that takes the same time for each event.
struct even {
  std::int64_t links;
  explicit even(double ns) : links{links_for(ns)} {}
  auto operator()(std::uint64_t x) const noexcept -> std::uint64_t { return static_cast<void>(opaque(burn(links, x))), x; }
};
/// The same in place.
struct even_in_place : even {
  using even::even;
  void operator()(std::uint64_t& x) const noexcept { x = even::operator()(x); }
};
/// Passes on those whose number can be divided.
struct sieve : even {
  std::uint64_t by;
  sieve(double ns, std::uint64_t divisor) : even{ns}, by{divisor} {}
  auto operator()(std::uint64_t x) const noexcept -> bool { return even::operator()(x) % by == 0; }
};
/// A stage whose times are drawn, beforehand: exponential ones (CV 1), or log-normal ones with a longer tail; at CV 0 all the same.
struct drawn {
  static constexpr std::size_t many = 1 << 16;
  std::shared_ptr<std::vector<std::int32_t> const> links;
  drawn(double ns, double cv, std::uint64_t seed) {
    std::mt19937_64 dice{seed};
    std::vector<double> all(many);
    double sum = 0;
    auto const sigma = std::sqrt(std::log(1 + cv * cv));
    for (auto& t : all) sum += t = cv == 0 ? 1 : cv == 1 ? std::exponential_distribution<double>{}(dice) : std::lognormal_distribution<double>{0, sigma}(dice);
    auto const scale = static_cast<double>(links_for(ns)) * static_cast<double>(many) / sum;
    std::vector<std::int32_t> made;
    for (auto const t : all) made.push_back(static_cast<std::int32_t>(t * scale));
    links = std::make_shared<std::vector<std::int32_t> const>(std::move(made));
  }
  auto operator()(std::uint64_t x) const noexcept -> std::uint64_t { return static_cast<void>(opaque(burn((*links)[x % many], x))), x; }
};
/// What the last stage has seen.
struct tally {
  std::uint64_t count = 0;
  bool in_order = true;
};
/// The last stage: each `step`th number, none missing.
struct last {
  std::uint64_t step = 1;
  tally* to;
  tally seen{};
  void operator()(std::uint64_t x) noexcept { seen.in_order &= x == seen.count++ * step; }
  void operator()(std::uint64_t x, std::uint64_t same) noexcept { operator()(x == same ? x : ~x); }
  void on_stop() noexcept { *to = seen; }
};

}  // namespace bench::scheduled
