// SPDX-License-Identifier: MIT
// Three producers by hand: a ring for each, polled in turns; and one ring with a compare and swap for each claim and a mark for
// each slot, for where one order is needed. Both are limits, of different jobs.
#include <atomic>
#include <memory>
#include <vector>

#include "many/race.hpp"
#include "support/spsc.hpp"

namespace bench::many {
namespace {

// ---- a ring each
template <std::int64_t Ahead>
auto rings(std::int64_t batch) {
  return [batch](load const& l) {
    std::vector<std::unique_ptr<spsc_ring<event>>> all;
    for (std::size_t p = 0; p < producers; ++p) all.push_back(std::make_unique<spsc_ring<event>>(capacity));
    auto const singly = [&](std::size_t p) {
      return [out = spsc_producer<event, Ahead>{*all[p]}](std::int64_t i, std::int64_t) mutable { out.publish([&](event& e) { e.value = i; }); };
    };
    auto const together = [&](std::size_t p) {
      return [out = spsc_producer<event, Ahead>{*all[p]}](std::int64_t i, std::int64_t n) mutable { out.publish(n, [&](event& e, std::int64_t k) { e.value = i + k; }); };
    };
    auto const poll = [&](add_up& sum) { consume_in_turns(all, each_of(l.events) * static_cast<std::int64_t>(producers), [&](event& e) { sum(e); }); };
    return batch == 1 ? race(l, 1, "many, three rings", singly, poll) : race(l, batch, "many, three rings", together, poll);
  };
}

// ---- one ring
class marked_ring {
 public:
  marked_ring() : slots_{new event[static_cast<std::size_t>(capacity)]()}, marks_{new std::atomic<std::uint32_t>[static_cast<std::size_t>(capacity)]} {
    for (std::int64_t i = 0; i < capacity; ++i) marks_[static_cast<std::size_t>(i)].store(0, std::memory_order::relaxed);  // nobody is there yet
  }
  auto slot(std::int64_t q) noexcept -> event& { return slots_[q & (capacity - 1)]; }
  auto claim(std::int64_t n) noexcept -> std::int64_t {
    auto q = next_.load(std::memory_order::relaxed);  // the exchange decides
    for (;;) {
      if (q + n > free_until_.load(std::memory_order::acquire)) {  // pairs with the release below
        auto const to = released_.load(std::memory_order::acquire) + capacity;  // pairs with release()
        free_until_.store(to, std::memory_order::release);                      // pairs with the acquire above
        if (q + n > to) {
          sched_yield();
          q = next_.load(std::memory_order::relaxed);  // the exchange decides
          continue;
        }
      }
      if (next_.compare_exchange_weak(q, q + n, std::memory_order::relaxed)) return q;  // a number publishes nothing
    }
  }
  /// What is to be claimed soon, and its marks, if it is free: for writing, and not so far ahead that the consumer's core fetches it once more.
  void fetch(std::int64_t q) noexcept {
    if (q % 8 != 0 || q + 17 > free_until_.load(std::memory_order::relaxed)) return;  // a hint
    prefetch_for_writing(&slot(q + 16));
    prefetch_for_writing(&marks_[(q + 16) & (capacity - 1)]);
  }
  void publish(std::int64_t q, std::int64_t n) noexcept {
    for (auto s = q; s < q + n; ++s) marks_[s & (capacity - 1)].store(lap(s), std::memory_order::release);  // pairs with ready()
  }
  auto ready(std::int64_t from) const noexcept -> std::int64_t {
    auto to = from;
    while (to - from < 1024 && marks_[to & (capacity - 1)].load(std::memory_order::acquire) == lap(to)) ++to;  // pairs with publish()
    return to;
  }
  void release(std::int64_t to) noexcept { released_.store(to, std::memory_order::release); }  // pairs with claim()

 private:
  static auto lap(std::int64_t q) noexcept -> std::uint32_t { return static_cast<std::uint32_t>(q / capacity) + 1; }
  std::unique_ptr<event[]> slots_;
  std::unique_ptr<std::atomic<std::uint32_t>[]> marks_;
  alignas(line) std::atomic<std::int64_t> next_{0};
  std::atomic<std::int64_t> free_until_{capacity};
  alignas(line) std::atomic<std::int64_t> released_{0};
};

auto one_ring(std::int64_t batch, bool ahead) {
  return [batch, ahead](load const& l) {
    marked_ring ring;
    return race(
        l, batch, "many, one ring",
        [&](std::size_t) {
          return [&](std::int64_t i, std::int64_t n) {
            auto const q = ring.claim(n);
            for (std::int64_t k = 0; k < n; ++k) ring.slot(q + k).value = i + k;
            if (ahead) ring.fetch(q);
            ring.publish(q, n);
          };
        },
        [&](add_up& sum) {
          adaptive_back_off back_off;
          for (std::int64_t at = 0, all = each_of(l.events) * static_cast<std::int64_t>(producers); at < all;) {
            auto const to = ring.ready(at);
            if (to == at) {
              back_off.found(0);
              sched_yield();
              continue;
            }
            for (auto q = at; q < to; ++q) sum(ring.slot(q));
            back_off.found(to - at);
            ring.release(at = to);
          }
        });
  };
}

auto by_hand(std::int64_t batch, char const* variant, std::function<measured(load const&)> how, role part) -> entry {
  return {.where = &topic, .job = job(batch), .contender = "hand-written", .variant = variant, .run = std::move(how), .part = part};
}

auto of(std::int64_t batch) -> std::vector<entry> {
  return {by_hand(batch, "three rings, polled", rings<0>(batch), role::limit), by_hand(batch, "three rings, polled, 256 slots fetched ahead", rings<256>(batch), role::limit),
          by_hand(batch, "one ring, compare and swap, laps", one_ring(batch, false), role::contender),
          by_hand(batch, "one ring, compare and swap, laps, 16 slots fetched ahead", one_ring(batch, true), role::contender)};
}
enter const entered[]{enter{of(1)}, enter{of(10)}};

}  // namespace
}  // namespace bench::many
