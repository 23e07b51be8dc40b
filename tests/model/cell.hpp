// SPDX-License-Identifier: MIT
// Plain data under watch: two accesses of which one writes must be ordered by happens-before, or it is a data race.
#pragma once
#include <utility>

#include "model/atomic.hpp"

namespace millrace::model {

template <typename T>
class cell {
 public:
  cell() { born(); }
  explicit cell(T v) : value_{std::move(v)} { born(); }
  cell(cell const&) = delete;
  auto operator=(cell const&) -> cell& = delete;

  [[nodiscard]] auto read() const noexcept -> T const& {
    if (!world.running()) return value_;
    auto const self = world.self();
    auto& me = world.me();
    if (me.knows.at[writer_] < written_) race("read", "write", writer_);
    read_.at[self] = ++me.knows.at[self];
    if (world.tracing()) note("read");
    return value_;
  }
  auto write() noexcept -> T& {
    if (!world.running()) return value_;
    auto const self = world.self();
    auto& me = world.me();
    if (me.knows.at[writer_] < written_) race("write", "write", writer_);
    for (unsigned t = 0; t < most_threads; ++t)
      if (read_.at[t] > me.knows.at[t]) race("write", "read", t);
    writer_ = self;
    written_ = ++me.knows.at[self];
    if (world.tracing()) note("write, was");
    return value_;
  }

 private:
  void born() noexcept {
    if (!world.running()) return;
    writer_ = world.self();
    written_ = ++world.me().knows.at[writer_];
  }
  [[noreturn]] void race(char const* now, char const* before, unsigned other) const noexcept {
    world.fail("data race on " + world.name_at(this) + ": " + now + " by thread " + world.thread_name(world.self()) + ", unordered with a " +
               before + " by thread " + world.thread_name(other));
  }
  void note(char const* what) const {
    if constexpr (std::is_scalar_v<T>) world.note(what, this, readable(value_));
    else world.note(what, this, 0);
  }

  T value_{};
  unsigned writer_ = 0;
  std::uint32_t written_ = 0;
  mutable clock read_{};
};

}  // namespace millrace::model
