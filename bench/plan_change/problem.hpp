// SPDX-License-Identifier: MIT
// Changing the plan while events flow: how long from the call to the moment when every stage that moves has run its first event
// at its new place, and how long the last stage stands still meanwhile. Two workers, both awake; the change is posted by a
// stage, as a third thread would take a processor from them.
#pragma once

#include <sched.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "support/clock.hpp"
#include "support/cpu.hpp"
#include "support/pin.hpp"
#include "support/problem.hpp"

namespace bench::plan_change {

inline constexpr topology topic{.name = "plan_change",
                                .title = "another plan while events flow",
                                .order = 7,
                                .events = 1000,  // changes
                                .few = 20,
                                .scales = false,
                                .quantities = {{{"settled, median", "us"}, {"settled, 99 %", "us"}, {"last stage stands still, 99 %", "us"}}}};

inline constexpr std::size_t stages = 5;  // the source among them
/// The worker of each stage.
using seats = std::array<int, stages>;

/// Which of the two workers is this?
inline auto here() noexcept -> int {
  thread_local int const worker = sched_getcpu() == cpu_at(0) ? 0 : 1;
  return worker;
}

/// Posts changes, and hears when they have settled.
class observer {
 public:
  /// `apply(k)` is to post plan k, in which stage s runs on worker plans[k][s]. After the last change `linger` more events pass.
  observer(std::array<seats, 2> plans, std::int64_t changes, std::int64_t linger = 0) : plans_{plans}, left_{changes}, linger_{linger} {}

  std::function<void(std::size_t)> apply;

  /// Called by the source for each event. False: all changes have been made.
  auto go_on() noexcept -> bool {
    if (--countdown_ > 0) return true;
    countdown_ = 64;
    if (settled_.load(std::memory_order::acquire) != posted_) return true;  // pairs with the release in moved()
    auto const now = ticks();
    if (posted_ != 0 && settled_at_ != 0) {
      times_.push_back(settled_at_ - posted_at_);
      settled_at_ = 0;
      quiet_since_ = now;
    }
    if (static_cast<double>(now - quiet_since_) * ns_per_tick() < 100e3) return true;
    if (left_ == 0) return (linger_ -= 64) > 0;
    post();
    return true;
  }
  /// Called by stage s for each event.
  void runs(std::size_t s) noexcept {
    if (int const me = here(); me != at_[s]) [[unlikely]] moved(s, me);
  }
  /// Called by the last stage at the end of each batch.
  void last_batch() noexcept {
    auto const now = ticks();
    auto const gap = now - last_batch_;
    last_batch_ = now;
    auto const change = announced_.load(std::memory_order::acquire);  // pairs with the release in post()
    if (change != watched_) watched_ = change, worst_ = 0;
    worst_ = std::max(worst_, gap);
    if (change == noted_ || settled_.load(std::memory_order::acquire) != change) return;  // pairs with the release in moved()
    noted_ = change;
    gaps_.push_back(worst_);
  }
  void start_at(std::size_t k) noexcept {
    at_ = plans_[k];
    now_ = k;
  }

  // ---- when nobody runs
  [[nodiscard]] auto times() const -> std::vector<std::uint64_t> const& { return times_; }
  [[nodiscard]] auto gaps() const -> std::vector<std::uint64_t> const& { return gaps_; }

 private:
  void post() noexcept {
    --left_;
    ++posted_;
    now_ = 1 - now_;
    int moving = 0;
    for (std::size_t s = 0; s < stages; ++s) moving += plans_[0][s] != plans_[1][s] ? 1 : 0;
    moving_.store(moving, std::memory_order::release);    // pairs with the fetch_sub in moved()
    announced_.store(posted_, std::memory_order::release);  // pairs with the acquire in last_batch()
    posted_at_ = ticks();
    apply(now_);
  }
  void moved(std::size_t s, int me) noexcept {
    at_[s] = me;
    if (moving_.fetch_sub(1, std::memory_order::acq_rel) != 1) return;  // pairs with the store in post(), and with the other stages
    settled_at_ = ticks();
    settled_.store(announced_.load(std::memory_order::acquire), std::memory_order::release);  // pairs with the acquires in go_on() and last_batch()
  }

  std::array<seats, 2> plans_;
  // of the source, wherever it runs
  std::int64_t left_, linger_, countdown_ = 1;
  std::int64_t posted_ = 0;
  std::size_t now_ = 0;
  std::uint64_t posted_at_ = 0, quiet_since_ = 0;
  std::vector<std::uint64_t> times_;
  // of each stage
  seats at_{};
  // of the last stage
  std::uint64_t last_batch_ = ticks(), worst_ = 0;
  std::int64_t watched_ = 0, noted_ = 0;
  std::vector<std::uint64_t> gaps_;
  // of all
  std::uint64_t settled_at_ = 0;
  alignas(line) std::atomic<int> moving_{0};
  alignas(line) std::atomic<std::int64_t> announced_{0};
  alignas(line) std::atomic<std::int64_t> settled_{0};
};

/// `Rounds` of multiplication, one waiting for the other: about a nanosecond each.
template <int Rounds>
inline auto work(std::uint64_t x) noexcept -> std::uint64_t {
  for (int i = 0; i < Rounds; ++i) x = opaque(x * 0x9e3779b97f4a7c15U + 1);
  return x;
}

inline auto quantile(std::vector<std::uint64_t> values, double share) -> double {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  auto const i = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  return static_cast<double>(values[i]) * ns_per_tick() * 1e-3;
}

}  // namespace bench::plan_change
