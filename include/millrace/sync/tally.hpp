// SPDX-License-Identifier: MIT
// A number that one thread at a time counts, or several for whom it is rare, and any thread may read, for metrics: never used to decide what may be touched.
#pragma once
#include <cstdint>

#include <millrace/sync/platform.hpp>

namespace millrace {

template <typename Platform>
class tally {
 public:
  /// Called by  the thread that counts now; no read-modify-write, so two at once would lose counts.
  void add(std::int64_t n) noexcept {
    value_.store(value_.load(std::memory_order::relaxed) + n, std::memory_order::relaxed);  // own counter: nothing is published by it
  }
  /// The same by several threads at once, at the price of a read-modify-write.
  void add_shared(std::int64_t n) noexcept {
    value_.fetch_add(n, std::memory_order::relaxed);  // a number to look at: orders nothing
  }
  void raise_to(std::int64_t n) noexcept {
    if (n > read()) value_.store(n, std::memory_order::relaxed);  // own counter: nothing is published by it
  }
  [[nodiscard]] auto read() const noexcept -> std::int64_t {
    return value_.load(std::memory_order::relaxed);  // a number to look at: orders nothing
  }

 private:
  typename Platform::template atomic<std::int64_t> value_{0};
};

}  // namespace millrace
