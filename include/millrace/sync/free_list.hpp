// SPDX-License-Identifier: MIT
// Numbers from 0 to n - 1 that are lent out and come back, in any order and by any thread. When its owner goes while some are out,
// the last one to come back says so.
//
// A stack with a counter beside its head, after Treiber (IBM RJ 5118, 1986).
#pragma once
#include <cstddef>
#include <cstdint>

#include <millrace/base/owned.hpp>
#include <millrace/sync/platform.hpp>

namespace millrace {

template <typename Platform>
class free_list {
 public:
  static constexpr std::size_t most = 0xffff'fffe;
  static constexpr std::size_t none = SIZE_MAX;

  /// Throws     std::bad_alloc.
  explicit free_list(std::size_t n) : n_{n}, next_{new link[n]} {
    for (std::size_t i = 0; i < n; ++i) next_[i].store(i + 1 < n ? i + 2 : 0, std::memory_order::relaxed);  // the list reaches others with its owner
    head_.store(n != 0 ? 1 : 0, std::memory_order::relaxed);                                                // the same
  }

  /// A free number, or `none`. Not after close().
  [[nodiscard]] auto pop() noexcept -> std::size_t {
    auto head = head_.load(Platform::template order<site::free_pop>(std::memory_order::acquire));  // pairs with push()
    for (;;) {
      auto const top = head & low;
      if (top == 0) return none;
      // May be old, if somebody was here meanwhile: then the counter is another one.
      auto const next = next_[top - 1].load(std::memory_order::relaxed);  // ordered by the head
      if (head_.compare_exchange_weak(head, (head & ~low) + turn + next, Platform::template order<site::free_pop>(std::memory_order::acquire),  // pairs with push()
                                      Platform::template order<site::free_pop>(std::memory_order::acquire)))  // pairs with push()
        return static_cast<std::size_t>(top - 1);
    }
  }
  /// True: it was the last one to come back after close().
  [[nodiscard]] auto push(std::size_t i) noexcept -> bool {
    auto head = head_.load(std::memory_order::relaxed);  // a guess
    for (;;) {
      if ((head & low) == low) return give_back(1);
      next_[i].store(head & low, std::memory_order::relaxed);  // published by the head
      if (head_.compare_exchange_weak(head, (head & ~low) + (i + 1), Platform::template order<site::free_push>(std::memory_order::release),  // pairs with pop()
                                      std::memory_order::relaxed))  // a guess
        return false;
    }
  }
  /// Nothing is handed out any more. True: all are here.
  /// Called by  the owner, once, when nobody calls pop().
  [[nodiscard]] auto close() noexcept -> bool {
    auto const all = n_;
    auto const head = head_.exchange(all * turn + low, Platform::template order<site::free_pop>(std::memory_order::acq_rel));  // pairs with push()
    std::size_t here = 0;
    for (auto top = head & low; top != 0; top = next_[top - 1].load(std::memory_order::relaxed)) ++here;  // ordered by the head
    return all == 0 || (here != 0 && give_back(here));  // if none is here, whoever brings the last one may have destroyed this by now
  }

 private:
  using word = std::uint64_t;
  using link = typename Platform::template atomic<word>;
  static constexpr word low = 0xffff'ffff, turn = low + 1;  // a number and one; after close() all ones, and above it how many are out

  auto give_back(std::size_t n) noexcept -> bool {
    auto const was = head_.fetch_sub(n * turn, Platform::template order<site::free_pop>(std::memory_order::acq_rel));  // pairs with the others who give back
    return was / turn == n;
  }

  typename Platform::template atomic<word> head_{0};
  std::size_t n_;
  owned<link[]> next_;
};

}  // namespace millrace
