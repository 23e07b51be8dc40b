// SPDX-License-Identifier: MIT
// A number that one thread at a time puts up and any thread may read: a hint about whom to ask or when to look, never a
// permission to touch anything.
#pragma once
#include <cstdint>

#include <millrace/sync/platform.hpp>

namespace millrace {

template <typename Platform>
class notice {
 public:
  notice() noexcept = default;
  explicit notice(std::int64_t n) noexcept : value_{n} {}
  void put_up(std::int64_t n) noexcept {
    value_.store(n, std::memory_order::relaxed);  // a hint: nothing is published by it
  }
  [[nodiscard]] auto read() const noexcept -> std::int64_t {
    return value_.load(std::memory_order::relaxed);  // a hint: orders nothing
  }

 private:
  typename Platform::template atomic<std::int64_t> value_{0};
};

}  // namespace millrace
