// SPDX-License-Identifier: MIT
// How long events take from end to end: a stage subtracts the time that stands in the event from its own, and counts the difference.
#pragma once
#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <millrace/base/owned.hpp>
#include <millrace/sync/platform.hpp>
#include <millrace/sync/tally.hpp>

namespace millrace {

/// Latencies that were counted, as a value: in buckets of which each power of two has 64, so that what is read from it is never too low
/// and at most 1/64 (1.6 %) too high; exact below 128 ns.
class latencies {
 public:
  static constexpr std::size_t parts = 64, buckets = 58 * parts;
  static constexpr auto bucket_of(std::int64_t ns) noexcept -> std::size_t {
    if (ns < 0) return 0;
    auto const n = static_cast<std::uint64_t>(ns);
    auto const width = std::bit_width(n);
    auto const shift = width > 7 ? width - 7 : 0;
    return static_cast<std::size_t>(shift) * parts + static_cast<std::size_t>(n >> shift);
  }
  /// The highest value that is counted there.
  static constexpr auto top_of(std::size_t bucket) noexcept -> std::int64_t {
    if (bucket < 2 * parts) return static_cast<std::int64_t>(bucket);
    auto const shift = bucket / parts - 1;
    return static_cast<std::int64_t>((std::uint64_t{bucket - shift * parts + 1} << shift) - 1);
  }

  void add(std::int64_t ns, std::int64_t times = 1) { add_to(bucket_of(ns), times); }
  void add_to(std::size_t bucket, std::int64_t times) { in_[bucket] += times, count_ += times; }
  [[nodiscard]] auto count() const noexcept -> std::int64_t { return count_; }
  [[nodiscard]] auto in(std::size_t bucket) const noexcept -> std::int64_t { return in_[bucket]; }
  /// `percent` of the events took so many nanoseconds or less; 0 if there were none. 50 is the median, 100 the longest.
  [[nodiscard]] auto percentile(double percent) const noexcept -> std::int64_t {
    auto const exact = percent / 100 * static_cast<double>(count_);
    auto rank = static_cast<std::int64_t>(std::ceil(exact - 1e-9 * exact));  // 99.9 % of 1000 are 999
    if (rank < 1) rank = 1;
    for (std::size_t b = 0; b < buckets; ++b)
      if ((rank -= in_[b]) <= 0) return top_of(b);
    return count_ == 0 ? 0 : percentile(100);
  }

  /// Those of several stages, or of several runs, together.
  auto operator+=(latencies const& other) -> latencies& {
    for (std::size_t b = 0; b < buckets; ++b) in_[b] += other.in_[b];
    count_ += other.count_;
    return *this;
  }
  /// Those between two readings.
  friend auto operator-(latencies later, latencies const& earlier) -> latencies {
    for (std::size_t b = 0; b < buckets; ++b) later.in_[b] -= earlier.in_[b];
    later.count_ -= earlier.count_;
    return later;
  }

 private:
  std::vector<std::int64_t> in_ = std::vector<std::int64_t>(buckets);
  std::int64_t count_ = 0;
};

/// Where one stage counts how long events took. The event carries the time at which that begins, written by whoever publishes it:
///
///     mr::latency_histogram seen;                                       // lives longer than the runner
///     ... | mr::tap<"seen">(seen.since(&order::at), mr::takes<"event">)  // a std::chrono::steady_clock::time_point
///     in.publish([&](order& o) { o.at = std::chrono::steady_clock::now(); ... });
///     std::cout << seen.read().percentile(99);
///
/// The time at which an event was *due* is the better one: then a producer that was late counts too.
template <typename Platform>
class basic_latency_histogram {
 public:
  /// Counts one that took `ns`.
  /// Called by  one thread at a time, as a stage is.
  /// Costs      one counter, and no allocation.
  void add(std::int64_t ns) noexcept { in_[latencies::bucket_of(ns)].add(1); }
  /// What was counted up to now.
  /// Called by  any thread, at any time.
  /// Waits      never.
  [[nodiscard]] auto read() const -> latencies {
    latencies all;
    for (std::size_t b = 0; b < latencies::buckets; ++b)
      if (auto const n = in_[b].read(); n != 0) all.add_to(b, n);
    return all;
  }

  /// The handler of a tap. One histogram for each such stage: two stages would run at once.
  template <typename Event, typename Time>
  class probe {
   public:
    probe(basic_latency_histogram& into, Time Event::*at, std::uint32_t one_in) noexcept : into_{&into}, at_{at}, one_in_{one_in < 1 ? 1 : one_in} {}
    void operator()(Event const& e) noexcept {
      if (--wait_ != 0) return;
      wait_ = one_in_;
      into_->add(Platform::now() - nanoseconds(e.*at_));
    }

   private:
    static auto nanoseconds(Time const& t) noexcept -> std::int64_t {
      if constexpr (std::is_integral_v<Time>) return static_cast<std::int64_t>(t);
      else {
        static_assert(std::is_same_v<typename Time::clock, std::chrono::steady_clock>, "latencies are differences of std::chrono::steady_clock; let the member be one of its time points, or nanoseconds of it as an integer");
        return std::chrono::duration_cast<std::chrono::nanoseconds>(t.time_since_epoch()).count();
      }
    }
    basic_latency_histogram* into_;
    Time Event::*at_;
    std::uint32_t one_in_, wait_ = 1;
  };
  /// Looks at the first of each `one_in` events, and reads the clock for that: some 20 ns.
  template <typename Event, typename Time>
  [[nodiscard]] auto since(Time Event::*at, std::uint32_t one_in = 1) noexcept -> probe<Event, Time> { return {*this, at, one_in}; }

 private:
  owned<tally<Platform>[]> in_{new tally<Platform>[latencies::buckets]};
};
using latency_histogram = basic_latency_histogram<std_platform>;

}  // namespace millrace
