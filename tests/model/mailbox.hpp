// SPDX-License-Identifier: MIT
// The library's bounded queue with one reader and one writer at a time, on modelled atomics: a look may find it empty
// though something has been put.
#pragma once
#include <array>
#include <cstddef>

#include "model/atomic.hpp"
#include "model/cell.hpp"

namespace millrace::model {

template <typename T>
class mailbox {
 public:
  static constexpr std::size_t most = 8;

  [[nodiscard]] auto put(T const& command) -> bool {
    auto const to = written_.load(std::memory_order::relaxed);
    if (to - read_.load(std::memory_order::acquire) == most) return false;
    slots_[to % most].write() = command;
    written_.store(to + 1, std::memory_order::release);
    return true;
  }
  [[nodiscard]] auto take(T& into) -> bool {
    auto const from = read_.load(std::memory_order::relaxed);
    if (written_.load(std::memory_order::acquire) == from) return false;
    into = slots_[from % most].read();
    read_.store(from + 1, std::memory_order::release);
    return true;
  }
  [[nodiscard]] auto empty() -> bool {
    return written_.load(std::memory_order::acquire) == read_.load(std::memory_order::relaxed);
  }

 private:
  atomic<std::size_t> written_{0}, read_{0};
  std::array<cell<T>, most> slots_;
};

}  // namespace millrace::model
