// SPDX-License-Identifier: MIT
// Three producers the LMAX way: an unconditional add for each claim, an array that says which slots are available.
#include <atomic>
#include <memory>

#include "many/race.hpp"
#include "support/lmax.hpp"

namespace bench::many {
namespace {

/// The multi producer sequencer. The add comes first, the wait for room follows: a claim cannot be taken back.
class multi_sequencer {
 public:
  multi_sequencer() : slots_{new event[size]()}, available_{new std::atomic<std::int32_t>[size]} {
    for (std::size_t i = 0; i < size; ++i) available_[i].store(-1, std::memory_order::relaxed);  // nobody is there yet
  }
  auto get(std::int64_t q) noexcept -> event& { return slots_[index(q)]; }
  auto gating() noexcept -> lmax::sequence& { return gating_; }

  /// Claims n slots and returns the last.
  auto next(std::int64_t n) noexcept -> std::int64_t {
    auto const last = cursor_.fetch_add(n, std::memory_order::acq_rel) + n;  // as getAndAdd does
    auto const wrap = last - capacity;
    if (wrap > cached_gating_.get())
      for (std::int64_t least = 0; wrap > (least = gating_.get()); sched_yield()) cached_gating_.set(least);
    return last;
  }
  void publish(std::int64_t first, std::int64_t last) noexcept {
    for (auto q = first; q <= last; ++q) available_[index(q)].store(flag(q), std::memory_order::release);  // pairs with available_until()
  }
  auto available_until(std::int64_t wanted) const noexcept -> std::int64_t {
    auto q = wanted;
    for (auto const claimed = cursor_.load(std::memory_order::acquire); q <= claimed; ++q)  // pairs with next()
      if (available_[index(q)].load(std::memory_order::acquire) != flag(q)) break;            // pairs with publish()
    return q - 1;
  }

 private:
  static constexpr auto size = static_cast<std::size_t>(capacity);
  static auto index(std::int64_t q) noexcept -> std::size_t { return static_cast<std::size_t>(q & (capacity - 1)); }
  static auto flag(std::int64_t q) noexcept -> std::int32_t { return static_cast<std::int32_t>(q / capacity); }

  std::unique_ptr<event[]> slots_;
  std::unique_ptr<std::atomic<std::int32_t>[]> available_;
  alignas(2 * line) std::atomic<std::int64_t> cursor_{-1};
  lmax::sequence cached_gating_, gating_;
};

auto lmax_style(std::int64_t batch, char const* variant) -> entry {
  return {.where = &topic,
          .job = job(batch),
          .contender = "lmax-style",
          .variant = variant,
          .run =
              [batch](load const& l) {
                multi_sequencer ring;
                return race(
                    l, batch, "many, lmax-style",
                    [&](std::size_t) {
                      return [&](std::int64_t i, std::int64_t n) {
                        auto const last = ring.next(n), first = last - n + 1;
                        for (std::int64_t k = 0; k < n; ++k) ring.get(first + k).value = i + k;
                        ring.publish(first, last);
                      };
                    },
                    [&](add_up& sum) {
                      auto const last = each_of(l.events) * static_cast<std::int64_t>(producers) - 1;
                      int spins = 100;
                      for (std::int64_t next = 0; next <= last;) {
                        auto const to = ring.available_until(next);
                        if (to < next) {  // yielding
                          if (spins == 0) sched_yield();
                          else --spins;
                          continue;
                        }
                        spins = 100;
                        for (; next <= to; ++next) sum(ring.get(next));
                        ring.gating().set(to);
                      }
                    });
              },
          .part = role::lmax,
          .share = 0.5};
}

enter const entered{{lmax_style(1, "yielding"), lmax_style(10, "yielding")}};

}  // namespace
}  // namespace bench::many
